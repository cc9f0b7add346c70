"""What purchasing needs of a post office for messages. Links implement it; nothing here knows one."""

from typing import NamedTuple, Protocol


class MailPaper(NamedTuple):
    """A PDF that goes with a message."""

    name: str
    content: bytes


class Mail(NamedTuple):
    """A message. `key`: the idempotency key, the same when asked again."""

    key: str
    to: str
    subject: str
    text: str
    papers: tuple[MailPaper, ...] = ()


class MailSent(NamedTuple):
    """The post office took it, under this name."""

    message_id: str


class MailRefused(Exception):
    """The post office will not take the message; its words are the message of the error."""


class PostOffice(Protocol):
    """Sends messages, each once per key."""

    def send(self, mail: Mail) -> MailSent:
        """Send it. Raises MailRefused, and whatever else where nobody knows whether it went."""
        ...

    def find(self, key: str) -> MailSent | None:
        """What was sent under a key."""
        ...
