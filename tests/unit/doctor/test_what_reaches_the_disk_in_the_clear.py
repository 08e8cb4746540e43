"""Swap, hibernation, the disk itself, and old versions that a file system keeps.

Where a build machine lets us, swap is real. Other computers are trees of files as the kernel of such a one shows them.
"""

import pytest

from tests.support.computer import Tree, finding, machine, swap_file
from tests.support.vaults import Place
from vault.doctor import blocks

LUKS = "CRYPT-LUKS2-0f3c-luks"


@pytest.fixture
def laptop(tree: Tree, place: Place) -> Tree:
    """As an installer sets it up: a LUKS container on a partition, in it LVM with root and swap."""
    tree.put("proc/swaps", "Filename Type Size Used Priority\n")
    tree.block("sda", "8:0")
    tree.block("sda3", "8:3", of="sda")
    tree.block("dm-0", "253:0", on=("sda3",), uuid=LUKS, label="sda3_crypt")
    tree.block("dm-1", "253:1", on=("dm-0",), uuid="LVM-abcdef", label="vg-root")
    tree.block("dm-2", "253:2", on=("dm-0",), uuid="LVM-ghijkl", label="vg-swap")
    tree.mount("253:1", place.folder, "ext4", "/dev/mapper/vg-root")
    return tree


@pytest.fixture
def bare(tree: Tree, place: Place) -> Tree:
    """The same without encryption."""
    tree.put("proc/swaps", "Filename Type Size Used Priority\n")
    tree.block("sda", "8:0")
    tree.block("sda1", "8:1", of="sda")
    tree.block("sda2", "8:2", of="sda")
    tree.mount("8:1", place.folder, "ext4", "/dev/sda1")
    return tree


# -- swap


def test_a_swap_file_in_use_is_found(place: Place, tree: Tree) -> None:
    # Seen to fail with `areas` taking a file for sealed.
    with swap_file(place.folder) as real:
        on = machine(place)
        if not real or blocks.path_encrypted(on, str(place.folder)) is not False:
            # this system refuses one, or encrypts it: the copied tables then name it, on a bare disk
            tree.block("vda", "254:0")
            tree.mount("254:0", "/", "ext4", "/dev/vda")
            tree.swap(str(place.folder / "swapfile"), "file")
            on = machine(place, tree.root)
        found = finding("swap", on)
        assert (found.state, found.severity) == ("found", "warning")


def test_no_swap_is_nothing_to_find(place: Place, bare: Tree) -> None:
    assert finding("swap", machine(place, bare.root)).state == "clear"


def test_swap_on_a_bare_partition_is_found(place: Place, bare: Tree) -> None:
    bare.swap("/dev/sda2")
    assert finding("swap", machine(place, bare.root)).facts == {"areas": 1}


@pytest.mark.parametrize("path", ["/dev/dm-2", "/dev/mapper/vg-swap"])
def test_swap_inside_a_luks_container_is_fine(place: Place, laptop: Tree, path: str) -> None:
    laptop.swap(path)
    assert finding("swap", machine(place, laptop.root)).state == "clear"


def test_a_swap_file_on_an_encrypted_file_system_is_fine_its_name_escaped(place: Place, laptop: Tree) -> None:
    laptop.swap(str(place.folder / "een map" / "swapfile"), "file")
    assert finding("swap", machine(place, laptop.root)).state == "clear"


def test_swap_in_compressed_memory_is_fine_unless_it_has_a_disk(place: Place, bare: Tree) -> None:
    bare.block("zram0", "252:0")
    bare.swap("/dev/zram0")
    on = machine(place, bare.root)
    assert finding("swap", on).state == "clear"
    bare.put("sys/class/block/zram0/backing_dev", "none\n")
    assert finding("swap", on).state == "clear"
    bare.put("sys/class/block/zram0/backing_dev", "/dev/sda2\n")
    assert finding("swap", on).state == "found"


def test_verity_and_integrity_carry_the_name_of_encryption_and_are_none(place: Place, bare: Tree) -> None:
    # Seen to fail when every uuid that begins with CRYPT- counts.
    bare.block("dm-0", "253:0", on=("sda2",), uuid="CRYPT-INTEGRITY-0f3c-swap", label="swap")
    bare.swap("/dev/dm-0")
    assert finding("swap", machine(place, bare.root)).state == "found"


def test_one_bare_disk_below_a_mirror_is_enough(place: Place, laptop: Tree) -> None:
    # Seen to fail when one encrypted disk counts for all.
    laptop.block("sdb", "8:16")
    laptop.block("md0", "9:0", on=("dm-0", "sdb"))
    laptop.swap("/dev/md0")
    assert finding("swap", machine(place, laptop.root)).state == "found"


def test_swap_on_a_device_that_is_not_to_be_seen_is_not_called_safe(place: Place, bare: Tree) -> None:
    bare.swap("/dev/zd0")
    assert finding("swap", machine(place, bare.root)).state == "unchecked"


def test_without_proc_nothing_is_claimed(place: Place) -> None:
    on = machine(place, place.folder / "nergens", platform="darwin")
    for check in ("swap", "hibernation", "core-dumps", "debugger", "disk", "snapshots", "recording"):
        assert finding(check, on).state == "unchecked", check


# -- hibernation


@pytest.mark.parametrize(
    ("resume", "cmdline", "severity"),
    [("0:0", "quiet", "warning"), ("8:2", "quiet", "serious"), ("0:0", "resume=UUID=x", "serious")],
)
def test_hibernating_to_bare_swap_is_found(place: Place, bare: Tree, resume: str, cmdline: str, severity: str) -> None:
    bare.swap("/dev/sda2")
    bare.put("sys/power/state", "freeze mem disk\n")
    bare.put("sys/power/resume", resume + "\n")
    bare.put("proc/cmdline", cmdline + "\n")
    found = finding("hibernation", machine(place, bare.root))
    assert (found.state, found.severity) == ("found", severity)


def test_hibernation_is_fine_when_it_can_not_be(place: Place, bare: Tree) -> None:
    bare.swap("/dev/sda2")
    bare.put("sys/power/state", "freeze mem\n")
    assert finding("hibernation", machine(place, bare.root)).state == "clear"
    bare.put("sys/power/state", "freeze mem disk\n")
    bare.put("sys/power/disk", "[disabled]\n")
    assert finding("hibernation", machine(place, bare.root)).state == "clear"


def test_hibernating_to_encrypted_swap_is_fine(place: Place, laptop: Tree) -> None:
    laptop.swap("/dev/dm-2")
    laptop.put("sys/power/state", "freeze mem disk\n")
    assert finding("hibernation", machine(place, laptop.root)).state == "clear"


# -- the disk and what it keeps


def test_a_bare_disk_is_found_and_an_encrypted_one_is_not(place: Place, bare: Tree) -> None:
    assert finding("disk", machine(place, bare.root)).facts == {"folders": ["anchor", "vault"]}


def test_an_encrypted_disk_is_fine(place: Place, laptop: Tree) -> None:
    assert finding("disk", machine(place, laptop.root)).state == "clear"


def test_a_vault_on_a_bare_stick_in_an_encrypted_laptop_is_found(place: Place, laptop: Tree) -> None:
    laptop.block("sdb", "8:16")
    laptop.mount("8:16", place.data, "ext4", "/dev/sdb")
    assert finding("disk", machine(place, laptop.root)).facts == {"folders": ["vault"]}


def test_a_container_does_not_see_its_disk_and_says_so(place: Place, bare: Tree) -> None:
    bare.mount("0:50", place.folder, "overlay", "overlay")
    assert finding("disk", machine(place, bare.root)).state == "unchecked"


@pytest.mark.parametrize("kind", ["btrfs", "zfs", "bcachefs", "nilfs2"])
def test_a_file_system_that_can_keep_old_versions_is_found(place: Place, bare: Tree, kind: str) -> None:
    bare.mount("0:44", place.state, kind, "/dev/sda1")
    found = finding("snapshots", machine(place, bare.root))
    assert (found.severity, found.facts) == ("warning", {"kinds": [kind], "kept": False})


def test_ext4_on_a_plain_disk_keeps_none(place: Place, bare: Tree) -> None:
    assert finding("snapshots", machine(place, bare.root)).state == "clear"


def test_snapshots_that_are_there_make_it_serious(place: Place, bare: Tree) -> None:
    bare.mount("0:44", place.folder, "btrfs", "/dev/sda1")
    (place.folder / ".snapshots" / "1").mkdir(parents=True)
    found = finding("snapshots", machine(place, bare.root))
    assert (found.severity, found.facts["kept"]) == ("serious", True)


def test_snapper_set_up_for_this_volume_makes_it_serious(place: Place, bare: Tree) -> None:
    bare.mount("0:44", place.folder, "btrfs", "/dev/sda1")
    bare.put("etc/snapper/configs/root", 'SUBVOLUME="/"\n')
    assert finding("snapshots", machine(place, bare.root)).severity == "warning"
    bare.put("etc/snapper/configs/home", f'SUBVOLUME="{place.folder}"\nTIMELINE_CREATE="yes"\n')
    assert finding("snapshots", machine(place, bare.root)).severity == "serious"


@pytest.mark.parametrize("end", ["-tpool", "-cow", "-real"])
def test_thin_volumes_and_snapshots_of_lvm_are_found(place: Place, bare: Tree, end: str) -> None:
    bare.block("dm-4", "253:4", on=("sda2",), uuid="LVM-abc" + end, label="vg-pool")
    bare.block("dm-5", "253:5", on=("dm-4",), uuid="LVM-def", label="vg-home")
    bare.mount("253:5", place.folder, "ext4", "/dev/mapper/vg-home")
    assert finding("snapshots", machine(place, bare.root)).facts["kinds"] == ["LVM"]


# -- what kind of disk the anchor is on


@pytest.mark.parametrize(("number", "disk"), [("0", "flash"), ("1", "rotating")])
def test_the_anchors_disk_is_told_through_all_layers(place: Place, laptop: Tree, number: str, disk: str) -> None:
    laptop.put("sys/class/block/sda/queue/rotational", number + "\n")
    found = finding("anchor", machine(place, laptop.root))
    assert (found.severity, found.facts) == ("info", {"kind": "file", "disk": disk, "chip": False})
    laptop.put("sys/class/tpm/tpm0/tpm_version_major", "2\n")
    assert finding("anchor", machine(place, laptop.root)).facts["chip"] is True


def test_a_disk_that_is_not_to_be_seen_is_called_unknown(place: Place, bare: Tree) -> None:
    bare.mount("0:50", place.folder, "overlay", "overlay")
    assert finding("anchor", machine(place, bare.root)).facts["disk"] == "unknown"


def test_a_loop_of_devices_ends(place: Place, bare: Tree) -> None:
    bare.block("dm-7", "253:7", on=("dm-8",), uuid="LVM-x")
    bare.block("dm-8", "253:8", on=("dm-7",), uuid="LVM-y")
    bare.mount("253:7", place.folder, "ext4", "/dev/dm-7")
    assert finding("disk", machine(place, bare.root)).state == "unchecked"
