"""The part of an open vault that is about its settings: how long notes are kept, the guard, templates."""

from collections.abc import Iterable, Sequence

from vault import errors, expiry, limits
from vault.expiry import Moment
from vault.formats.settings import POLICIES, Settings, Template, allowed_bytes, fits, templates_bytes
from vault.months import Period
from vault.service.callbacks import Clock
from vault.service.change import commit, new_epoch
from vault.service.notes import is_text
from vault.service.state import State
from vault.service.views import IDLE_LEAST, IDLE_MOST


class Preferences:
    """Settings are sealed with the ledger; every change is one commit. Base of vault.service.vault.Vault."""

    def __init__(self, state: State, clock: Clock) -> None:
        self._open_state: State | None = state
        self._clock = clock
        self._confirmed = False

    @property
    def _state(self) -> State:
        if self._open_state is None:
            raise errors.VaultLocked
        return self._open_state

    def moment(self) -> Moment:
        """What the vault takes for the present."""
        return expiry.moment(self._clock(), self._state.settings.seen, self._confirmed)

    def _store(self, settings: Settings, *, destroys: bool = False) -> None:
        state = self._state
        commit(state, settings=settings, epoch=new_epoch(state) if destroys else None)

    @property
    def keep_default(self) -> Period:
        """How long a note is kept when nothing else is said."""
        return self._state.settings.keep

    def set_keep_default(self, period: Period) -> None:
        """Changes it for notes written from now on. Raises PeriodTooShort, PeriodTooLong."""
        period.check(self.moment().today)
        self._store(self._state.settings._replace(keep=period))

    @property
    def idle_minutes(self) -> int:
        """Minutes without a key until the interactive vault locks itself."""
        return self._state.settings.idle

    def set_idle_minutes(self, minutes: int) -> None:
        """Changes it; IDLE_LEAST to IDLE_MOST."""
        minutes = min(max(minutes, IDLE_LEAST), IDLE_MOST)
        self._store(self._state.settings._replace(idle=minutes))

    # -- the guard

    @property
    def guard_policy(self) -> str:
        """What is done with what the guard finds: one of GUARD_POLICIES."""
        return self._state.settings.guard

    def set_guard_policy(self, policy: str) -> None:
        """Changes it. Raises PolicyUnknown."""
        if policy not in POLICIES:
            raise errors.PolicyUnknown
        self._store(self._state.settings._replace(guard=policy))

    def allowed_words(self) -> list[str]:
        """What the guard never marks in this vault, as typed, in alphabetical order: when each came is not kept."""
        return sorted(self._state.settings.allowed, key=_same)

    def allow_words(self, words: Iterable[str]) -> int:
        """Adds to them, unless they are there already in another case or with other accents. How many are new.

        Blank ones are passed over. Raises AllowedRefused, AllowedTooMany, SettingsFull: then none is added.
        """
        settings = self._state.settings
        known = {_same(word) for word in settings.allowed}
        fresh: dict[str, str] = {}
        for word in words:
            typed = _typed(word)
            if typed and (key := _same(typed)) not in known:
                fresh.setdefault(key, typed)
        if fresh:
            allowed = tuple(sorted((*settings.allowed, *fresh.values())))
            if len(allowed) > limits.ALLOWED_WORDS or allowed_bytes(allowed) > limits.ALLOWED_BYTES:
                raise errors.AllowedTooMany
            self._store(with_room(settings._replace(allowed=allowed)))
        return len(fresh)

    def forget_allowed(self, words: Iterable[str]) -> int:
        """Takes words away, whatever their case and accents; no older copy tells them any more. How many went."""
        settings = self._state.settings
        gone = {_same(" ".join(word.split())) for word in words}
        left = tuple(word for word in settings.allowed if _same(word) not in gone)
        if left != settings.allowed:
            self._store(settings._replace(allowed=left), destroys=True)
        return len(settings.allowed) - len(left)

    # -- templates

    def templates(self) -> list[Template]:
        """The coach's own questions to begin a note with, in the coach's order."""
        return list(self._state.settings.templates)

    def set_templates(self, templates: Sequence[Template]) -> None:
        """Replaces them all; no older copy tells what is not among them any more.

        Raises TemplateRefused, TemplatesTooMany, SettingsFull: then nothing changes.
        """
        settings, fresh = self._state.settings, tuple(_checked(template) for template in templates)
        if len({template.name for template in fresh}) != len(fresh):
            raise errors.TemplateRefused
        if len(fresh) > limits.TEMPLATES or templates_bytes(fresh) > limits.TEMPLATES_BYTES:
            raise errors.TemplatesTooMany
        if fresh != settings.templates:
            destroys = not set(settings.templates) <= set(fresh)
            changed = settings._replace(templates=fresh)
            if templates_bytes(fresh) > templates_bytes(settings.templates):
                changed = with_room(changed)
            self._store(changed, destroys=destroys)


def with_room(settings: Settings) -> Settings:
    """The settings, to which something was added. Raises SettingsFull if what must find room would not any more."""
    if not fits(settings):
        raise errors.SettingsFull
    return settings


def _same(word: str) -> str:
    # late: the guard's rules take time to load, and only these questions need them
    from vault.guard.words import plain

    return plain(word)


def _typed(word: str) -> str:
    """An allowed word as it is kept: blanks within it are single ones. Raises AllowedRefused."""
    word = " ".join(word.split())
    if not one_line(word) or len(word.encode()) > limits.ALLOWED_WORD_BYTES:
        raise errors.AllowedRefused
    return word


def _checked(template: Template) -> Template:
    name, text = template.name.strip(), template.text
    if not name or not text.strip() or not one_line(name) or not is_text(text):
        raise errors.TemplateRefused
    if len(name.encode()) > limits.TEMPLATE_NAME_BYTES or len(text.encode()) > limits.TEMPLATE_BYTES:
        raise errors.TemplateRefused
    return Template(name, text)


def one_line(text: str) -> bool:
    """Whether `text` can be stored and has no control characters, line ends included."""
    controls = any(sign < " " or "\x7f" <= sign < "\xa0" for sign in text)
    return not controls and is_text(text)
