"""The practice post office: messages are kept in a folder instead of being sent, one file per key."""

from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path

from orderwright.business.purchasing.ports import Mail, MailRefused, MailSent

SENDER = "purchasing@orderwright.invalid"


class PracticePost:
    """A post office that remembers. folder: where, made when it is needed; what is kept can be opened as mail.
    None for one that keeps no texts and forgets all when it ends.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._sent: set[str] = set()

    def send(self, mail: Mail) -> MailSent:
        """Keep a message, once per key. Raises MailRefused for an address under `refused.invalid`."""
        if mail.to.endswith("@refused.invalid"):
            raise MailRefused(f"{mail.to}: no such mailbox")
        sent = MailSent(_name(mail.key))
        self._sent.add(sent.message_id)
        if self._folder is None:
            return sent
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{sent.message_id}.eml"
        if not path.exists():
            message = EmailMessage()
            message["From"], message["To"], message["Subject"] = SENDER, mail.to, mail.subject
            message["Message-ID"] = f"<{sent.message_id}@orderwright.invalid>"
            message.set_content(mail.text)
            for paper in mail.papers:
                message.add_attachment(paper.content, maintype="application", subtype="pdf", filename=paper.name)
            half = path.with_suffix(".part")
            half.write_bytes(message.as_bytes())
            half.replace(path)
        return sent

    def find(self, key: str) -> MailSent | None:
        """What was sent under a key."""
        name = _name(key)
        is_kept = self._folder is not None and (self._folder / f"{name}.eml").exists()
        return MailSent(name) if is_kept or name in self._sent else None


def _name(key: str) -> str:
    return sha256(key.encode()).hexdigest()[:32]
