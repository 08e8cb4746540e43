"""File systems on which the vault's promises are weaker: over a network, or without permissions."""

from vault.doctor import blocks
from vault.doctor.contract import UNREADABLE, VAULT, WARNING, Detector, Finding, clear, found, unchecked
from vault.doctor.machine import Machine

NETWORK, PLAIN = "network-disk", "no-permissions"
_NETWORK = (
    *("nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "fuse.smbnetfs", "fuse.curlftpfs", "9p", "ceph", "afs"),
    *("fuse.glusterfs", "davfs", "fuse.davfs", "fuse.rclone", "fuse.gvfsd-fuse", "virtiofs"),
)
_PLAIN = ("vfat", "msdos", "exfat", "fuse.exfat", "fuseblk", "ntfs", "ntfs3")


def look(machine: Machine) -> list[Finding]:
    """Whether vault or anchor are on such a file system."""
    mounts = {what: blocks.mount_of(machine, folder) for what, folder in machine.folders().items()}
    if None in mounts.values():
        return [unchecked(check, WARNING, UNREADABLE) for check in (NETWORK, PLAIN)]
    found_there = []
    for check, kinds in ((NETWORK, _NETWORK), (PLAIN, _PLAIN)):
        told = sorted(what for what, mount in mounts.items() if mount is not None and mount.kind in kinds)
        found_there.append(found(check, WARNING, folders=told) if told else clear(check, WARNING))
    return found_there


DETECTOR = Detector({NETWORK: WARNING, PLAIN: WARNING}, VAULT, look)
