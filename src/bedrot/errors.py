"""Every error the lake raises, grouped by what the caller does next."""


class BedrotError(Exception):
    """Base of all errors that the lake raises on purpose.

    The message says what happened and names the value; `next_step` says what a person can do,
    as a sentence or a command. `exit_code` is what the command line leaves with.
    """

    exit_code = 1

    def __init__(self, message: str, *, next_step: str | None = None) -> None:
        super().__init__(message)
        self.next_step = next_step


class UsageError(BedrotError):
    """The request cannot be carried out as stated; correct it and ask again."""

    exit_code = 2


class SettingsError(UsageError):
    """A setting is missing or wrong."""


class LakeNotFoundError(UsageError):
    """There is no lake at the given place, or what is there is not a lake."""


class QueryError(UsageError):
    """A person's SQL was refused or failed."""


class UnknownNameError(UsageError):
    """A table, column, file, release or stream of that name does not exist."""


class DecisionError(UsageError):
    """A decision about a set-aside file cannot be taken."""


class LockedError(BedrotError):
    """Another process holds the lake; try again when it is done."""

    exit_code = 4


class IntegrityError(BedrotError):
    """Stored bytes or tables are not what their hashes say; stop and look."""

    exit_code = 5


class AlreadyExistsError(BedrotError):
    """A write-once object already exists."""


class RejectedPayloadError(BedrotError):
    """A payload is ours and fails: it is set aside with this reason.

    `code` is stable and machine-readable; `seen` is what was found in the file.
    """

    def __init__(
        self, message: str, *, code: str, seen: str = "", next_step: str | None = None
    ) -> None:
        super().__init__(message, next_step=next_step)
        self.code = code
        self.seen = seen


class ContractError(BedrotError):
    """A contract, its SQL or its alias data is wrong; mend the definition."""


class LossyWriteError(BedrotError):
    """A result does not fit the contract's types without loss."""
