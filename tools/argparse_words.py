"""What argparse itself says to a user, in Python 3.11 to 3.13. Never run: tools/messages.py reads it.

Only what a user can meet; words for programmers' mistakes are left out.
"""

from cli.i18n import N_, ngettext

N_("usage: ")
N_("options")
N_("positional arguments")
N_("show this help message and exit")
N_("show program's version number and exit")
N_("%(heading)s:")
N_("%(prog)s: error: %(message)s\n")
N_("argument %(argument_name)s: %(message)s")
N_("unrecognized arguments: %s")
N_("the following arguments are required: %s")
N_("one of the arguments %s is required")
N_("not allowed with argument %s")
N_("invalid choice: %(value)r (choose from %(choices)s)")
N_("invalid %(type)s value: %(value)r")
N_("unknown parser %(parser_name)r (choices: %(choices)s)")
N_("ambiguous option: %(option)s could match %(matches)s")
N_("ignored explicit argument %r")
N_("unexpected option string: %s")
N_("expected one argument")
N_("expected at most one argument")
N_("expected at least one argument")
N_("can't open '%(filename)s': %(error)s")
ngettext("expected %s argument", "expected %s arguments", 0)
