"""A browser without a browser: cookies, forms with what their pages hid in them, redirects not followed."""

import http.client
import re
from html import unescape
from typing import Any, NamedTuple
from urllib.parse import urlencode


class Seen(NamedTuple):
    """An answer of the console."""

    status: int
    headers: list[tuple[str, str]]
    text: str

    def header(self, name: str) -> str | None:
        """The first header of that name."""
        return next((value for each, value in self.headers if each.lower() == name), None)

    @property
    def location(self) -> str | None:
        """Where a redirect leads."""
        return self.header("location")

    @property
    def title(self) -> str:
        """The page's heading."""
        found = re.search(r"<h1[^>]*>(.*?)</h1>", self.text, re.DOTALL)
        return unescape(re.sub(r"<[^>]+>", " ", found[1])).strip() if found else ""

    @property
    def words(self) -> str:
        """What stands on the page, without tags."""
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", self.text)).split())

    def hidden(self, action: str) -> dict[str, str]:
        """The hidden fields of the first form sent to an address. Fails when the page has no such form."""
        forms = re.findall(r"<form[^>]*action=\"([^\"]*)\"[^>]*>(.*?)</form>", self.text, re.DOTALL)
        inner, *_ = [inner for each, inner in forms if unescape(each) == action]
        fields = {}
        for tag in re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", inner):
            name, value = (re.search(rf'{key}="([^"]*)"', tag) for key in ("name", "value"))
            assert name
            fields[name[1]] = unescape(value[1]) if value else ""
        return fields


def _text(media: str, content: bytes) -> str:
    return (
        content.decode()
        if media.startswith(("text/", "application/json")) or not content
        else content.decode("latin-1")
    )


class Visit:
    """One browser at one server: it keeps its cookies."""

    def __init__(self, port: int, language: str = "en") -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        self.language = language

    def get(self, path: str, **headers: str) -> Seen:
        """Look at a page."""
        return self._send("GET", path, None, headers)

    def post(self, path: str, fields: dict[str, Any], **headers: str) -> Seen:
        """Send fields as a form of a page of ours does."""
        sent = {"sec_fetch_site": "same-origin", "origin": f"http://127.0.0.1:{self.port}", **headers}
        return self._send("POST", path, urlencode(fields), sent)

    def send(self, path: str, fields: dict[str, Any], files: dict[str, tuple[str, bytes]], **headers: str) -> Seen:
        """Send a form with files, each (name, content), as a page of ours does."""
        boundary = "----orderwright"
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in fields.items()
        ]
        for name, (filename, content) in files.items():
            head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n\r\n'
            parts.append(head.encode() + content + b"\r\n")
        body = b"".join([*parts, f"--{boundary}--\r\n".encode()])
        kind = {"content_type": f"multipart/form-data; boundary={boundary}"}
        sent = {"sec_fetch_site": "same-origin", "origin": f"http://127.0.0.1:{self.port}", **kind, **headers}
        return self._send("POST", path, body, sent)

    def submit(self, page: str, action: str, **fields: Any) -> Seen:
        """Fill in the form on a page that goes to `action`, and send it."""
        return self.post(action, {**self.get(page).hidden(action), **fields})

    def save(self, path: str) -> bytes:
        """What a browser saves as a file."""
        return self._send("GET", path, None, {}).text.encode("latin-1")

    def bring(self, page: str, action: str, name: str, content: bytes, **fields: Any) -> Seen:
        """Fill in the form on a page that goes to `action`, with a file for its field `file`, and send it."""
        parts = [
            f'--here\r\ncontent-disposition: form-data; name="{each}"\r\n\r\n{value}\r\n'
            for each, value in {**self.get(page).hidden(action), **fields}.items()
        ]
        head = f'--here\r\ncontent-disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = "".join([*parts, head]).encode() + content + b"\r\n--here--\r\n"
        sent = {"sec_fetch_site": "same-origin", "content_type": "multipart/form-data; boundary=here"}
        return self._send("POST", action, body, sent)

    def _send(self, method: str, path: str, body: str | bytes | None, headers: dict[str, str]) -> Seen:
        sent = {"accept": "text/html", "accept-language": self.language}
        if self.cookies:
            sent["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            sent["content-type"] = "application/x-www-form-urlencoded"
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, {name: value for name, value in sent.items() if value})
            answer = connection.getresponse()
            content = answer.read()
            text = _text(answer.getheader("content-type", ""), content)
            seen = Seen(answer.status, answer.getheaders(), text)
        finally:
            connection.close()
        for name, value in seen.headers:
            if name.lower() == "set-cookie":
                self._keep(value)
        return seen

    def _keep(self, cookie: str) -> None:
        name, _, rest = cookie.partition("=")
        value = rest.partition(";")[0]
        if value and "Max-Age=0" not in cookie:
            self.cookies[name] = value
        else:
            self.cookies.pop(name, None)
