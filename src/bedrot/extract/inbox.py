"""Walking what a person hands over: files, folders, zips, and zips in zips."""

from __future__ import annotations

import lzma
import os
import stat
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from bedrot.errors import UsageError
from bedrot.extract.kinds import is_zip

MAX_DEPTH = 3
MAX_MEMBERS = 10_000
MAX_RATIO = 200
MAX_BYTES = 16 << 30
_RATIO_FREE = 1 << 20  # tiny members may be packed tightly; a bomb is not tiny
_SHA_LENGTH = 16
_INBOX = "inbox"
_UNPACK_ERRORS = (
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    zlib.error,
    lzma.LZMAError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """One file that was handed over, as a local file.

    `name` is its path below what was named on the command line, with that folder's own name;
    inside an archive it is the member's path, and `container` names the archive that holds it,
    below those that this one lies in, like folders: `exports/all.zip/2025/may.zip#<sha256[:16]>`,
    the hash being that of the outermost. `place` is where the file, or that outermost archive, lies
    on disk. `refused` says why it cannot be opened at all.
    """

    path: Path
    name: str
    shown: str
    container: str | None = None
    member_time: datetime | None = None
    refused: str | None = None
    place: Path | None = None


def named_inbox(place: Path) -> tuple[str, str] | None:
    """Source and account of a file in `inbox/<source>/<account>/`, as these folders are called.

    The innermost folder of that name counts; folders below the account are the account's.
    """
    folders = Path(os.path.abspath(place)).parent.parts  # noqa: PTH100 - links are not followed
    for number in range(len(folders) - 3, -1, -1):
        if folders[number].casefold() == _INBOX:
            return printable(folders[number + 1]), printable(folders[number + 2])
    return None


def walk(paths: Sequence[Path], spool: Path) -> Iterator[Handed]:
    """Every file below the paths, in a fixed order; members of archives are unpacked to `spool`.

    Archives are bounded in depth, number of members, size and packing ratio, and their member
    names are never used as paths. An unpacked member lives until the next one is asked for.

    Raises:
        UsageError: a path does not exist.
    """
    for path in paths:
        if not path.exists():
            msg = f"`{path}` does not exist"
            raise UsageError(msg, next_step="check the path")
    for path in paths:
        if path.is_dir():
            for file in sorted(_files(path)):
                name = f"{path.resolve().name}/{file.relative_to(path).as_posix()}"
                yield from _placed(file, _open(file, name, str(file), spool))
        else:
            name = f"{path.resolve().parent.name}/{path.name}"
            yield from _placed(path, _open(path, name, str(path), spool))


def _placed(place: Path, files: Iterator[Handed]) -> Iterator[Handed]:
    return (replace(handed, place=place) for handed in files)


def _files(folder: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(folder):
        folders.sort()
        yield from (Path(root, name) for name in names)
        yield from (Path(root, name) for name in folders if Path(root, name).is_symlink())


def _open(path: Path, name: str, shown: str, spool: Path) -> Iterator[Handed]:
    name, shown = _printable(name), printable(shown)
    refused = _unreadable(path)
    if refused:
        yield Handed(path=path, name=name, shown=shown, refused=refused)
    elif is_zip(path):
        yield from _members(path, name=name, shown=shown, spool=spool)
    else:
        yield Handed(path=path, name=name, shown=shown)


def _unreadable(path: Path) -> str | None:
    """Why a path cannot be read as a file, if it cannot."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            return "it is a link to a folder; name that folder itself"
        if not stat.S_ISREG(mode):
            return "it is no regular file"
        with path.open("rb") as file:
            file.read(1)
    except OSError as exc:
        return exc.strerror or str(exc)
    return None


def _members(
    path: Path, *, name: str, shown: str, spool: Path, depth: int = 1, outermost: str | None = None
) -> Iterator[Handed]:
    """The files of an archive. `outermost` is the hash of the one in which it lies, if it does."""
    from bedrot.zones.landing import sha256_of

    digest = outermost or sha256_of(path)[:_SHA_LENGTH]
    try:
        with zipfile.ZipFile(path) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            reason = _unfit(members, depth)
            if reason:
                yield Handed(path=path, name=name, shown=shown, refused=reason)
                return
            for number, member in enumerate(sorted(members, key=lambda m: m.filename)):
                target = spool / f"member-{depth}-{number}"
                member_name = _printable(member.filename)
                member_shown = f"{shown} > {member_name}"
                reason = _unpack(archive, member, target)
                if reason is None and is_zip(target):
                    yield from _members(
                        target,
                        # What an archive's own name says counts before what those around it say.
                        name=f"{name}/{member_name}",
                        shown=member_shown,
                        spool=spool,
                        depth=depth + 1,
                        outermost=digest,
                    )
                else:
                    yield Handed(
                        path=target,
                        name=member_name,
                        shown=member_shown,
                        container=f"{name}#{digest}",
                        member_time=_member_time(member),
                        refused=reason,
                    )
                target.unlink(missing_ok=True)
    except (zipfile.BadZipFile, ValueError, OSError) as exc:
        yield Handed(path=path, name=name, shown=shown, refused=f"its list of members: {exc}")


def _unfit(members: Sequence[zipfile.ZipInfo], depth: int) -> str | None:
    if not members:
        return "the archive is empty"
    if depth > MAX_DEPTH:
        return f"archives lie more than {MAX_DEPTH} deep in each other"
    if len(members) > MAX_MEMBERS:
        return f"the archive has {len(members)} members; at most {MAX_MEMBERS} are read"
    total = sum(member.file_size for member in members)
    if total > MAX_BYTES:
        return f"the archive unpacks to {total} bytes; at most {MAX_BYTES} are read"
    return None


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path) -> str | None:
    """Write a member to a file; the reason, if it is not to be trusted."""
    if member.flag_bits & 1:
        target.touch()
        return "it is encrypted"
    limit = max(member.compress_size * MAX_RATIO, _RATIO_FREE)
    written = 0
    try:
        with archive.open(member) as source, target.open("wb") as file:
            while block := source.read(1 << 20):
                written += len(block)
                if written > limit:
                    return f"it unpacks to more than {MAX_RATIO} times its packed size"
                file.write(block)
    except _UNPACK_ERRORS as exc:
        target.touch()
        return f"it cannot be unpacked: {exc}"
    return None


def _member_time(member: zipfile.ZipInfo) -> datetime | None:
    """The member's time inside the archive, which is content and read as UTC."""
    try:
        return datetime(*member.date_time, tzinfo=UTC)
    except ValueError:
        return None


def printable(text: str) -> str:
    """A text that can be written as UTF-8, whatever bytes a file system or archive holds."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _printable(name: str) -> str:
    return printable(name).replace("\\", "/")
