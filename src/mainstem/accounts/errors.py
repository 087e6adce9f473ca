"""What accounts raise on purpose.

MainstemError
  RetryLater
    TooManyTries     too many failures to sign in, for one email or from one address
    NoProvider       the provider of single sign-on cannot be reached, or makes no sense just now
  TellPerson
    WrongSignIn      email and password do not let anybody in; which of them is wrong is not told
    AlreadyFounded   the hub has a name and an owner already
    NameMissing      a member or the hub was given no name
    BadEmail         what should be an email is none
    EmailTaken       two members cannot have one email
    WeakPassword     the password is too easy to guess, or too long
    UnknownMember    there is no such member
    LastOwner        the last active owner must stay one
    NoSuchAccount    a connection knows no one active account by a name
    AccountTaken     the account of Confluence is another member's
    RoleTooLow       somebody's role does not allow what they want to do
    TooManyKeys      one member has as many API keys as anybody may
    BadSignOn        what somebody entered is no way to sign in at a provider
    StaleAttempt     an answer came back of a sign-in that was not begun in this browser, or too long ago
    ProviderRefused  the provider let nobody in, or did not take what Mainstem showed it
    BadProof         what a provider says proves nobody
    NotAdmitted      somebody is proved who may not come in
    NoSuchGroup      a connection knows no group by an id whose people it has read
"""

from mainstem.errors import RetryLater, TellPerson


class TooManyTries(RetryLater):
    """Too many failures to sign in. `wait` is in whole seconds, at least 1."""

    def __init__(self, wait: int) -> None:
        super().__init__(wait)
        self.wait = wait

    def __str__(self) -> str:
        return f"There were too many attempts to sign in. Try again in {self.wait} seconds."


class WrongSignIn(TellPerson):
    """Email and password do not let anybody in: unknown, wrong or shut out, told alike."""

    def __init__(self) -> None:
        super().__init__("Email or password is wrong. Check both, then try again.")


class AlreadyFounded(TellPerson):
    """The hub has a name and an owner already."""

    def __init__(self) -> None:
        super().__init__("This hub is set up already. Sign in, or ask its owner for an account.")


class NameMissing(TellPerson):
    """A member or the hub was given no name."""

    def __init__(self) -> None:
        super().__init__("The name is missing. Enter one.")


class BadEmail(TellPerson):
    """What should be an email is none."""

    def __init__(self) -> None:
        super().__init__("This is not an email address. Enter one such as name@example.com.")


class EmailTaken(TellPerson):
    """Two members cannot have one email."""

    def __init__(self, email: str) -> None:
        super().__init__(f"There is a member with the email {email} already. Enter another one.")
        self.email = email


class WeakPassword(TellPerson):
    """The password is too easy to guess, or too long; `fault` says how, as the end of a sentence."""

    def __init__(self, fault: str) -> None:
        super().__init__(f"The password {fault}. Choose another one.")
        self.fault = fault


class UnknownMember(TellPerson):
    """There is no such member."""

    def __init__(self, member_id: int) -> None:
        super().__init__("There is no such member. Look at the list of members.")
        self.member_id = member_id


class LastOwner(TellPerson):
    """The last active owner must stay one."""

    def __init__(self) -> None:
        super().__init__("This is the last owner. Make somebody else an owner first.")


class NoSuchAccount(TellPerson):
    """A connection knows no one active account by this name."""

    def __init__(self, account: str) -> None:
        super().__init__(
            f"No one active account goes by “{account}” there: give its account id, user name or email, "
            "and sync first where it is new."
        )
        self.account = account


class RoleTooLow(TellPerson):
    """Somebody's role does not allow what they want to do."""

    def __init__(self) -> None:
        super().__init__("Your role does not allow this. Ask an owner of the workspace to do it.")


class AccountTaken(TellPerson):
    """The account of Confluence is another member's."""

    def __init__(self, source_id: str) -> None:
        super().__init__("This account of Confluence belongs to another member. Take it from them first.")
        self.source_id = source_id


class TooManyKeys(TellPerson):
    """One member has as many API keys as anybody may; `most` is that number."""

    def __init__(self, most: int) -> None:
        super().__init__(f"You have {most} keys already. Revoke one that is not used any more.")
        self.most = most


class NoProvider(RetryLater):
    """The provider of single sign-on cannot be reached, or makes no sense; `cause` says how."""

    def __init__(self, cause: str) -> None:
        super().__init__(f"The provider gives no answer ({cause}). Check the address, and try again in a moment.")
        self.cause = cause


class BadSignOn(TellPerson):
    """What somebody entered is no way to sign in at a provider."""


class StaleAttempt(TellPerson):
    """An answer of a provider belongs to no sign-in of this browser that could still end."""

    def __init__(self) -> None:
        super().__init__("This sign-in was not begun in this browser, or too long ago. Begin it again.")


class ProviderRefused(TellPerson):
    """The provider let nobody in, or did not take what Mainstem showed it; `cause` is its word for why."""

    def __init__(self, cause: str) -> None:
        super().__init__(
            f"The provider did not let you in ({cause}). Try again; if it stays, tell an owner of this workspace."
        )
        self.cause = cause


class BadProof(TellPerson):
    """What a provider says proves nobody; `fault` is what is wrong with it."""

    def __init__(self, fault: str) -> None:
        super().__init__(
            f"The provider's answer does not prove who you are ({fault}). Begin again; if it stays, tell an owner of "
            "this workspace."
        )
        self.fault = fault


class NotAdmitted(TellPerson):
    """Somebody is proved who may not come in."""


class NoSuchGroup(TellPerson):
    """A connection knows no group by an id whose people it has read."""

    def __init__(self) -> None:
        super().__init__("This group is not known. Sync first, then choose one that a rule of Confluence names.")
