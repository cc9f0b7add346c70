"""How commands are found on a page."""

from tests.docs import guide

PAGE = """# A page

```console
$ KEY=abc
$ curl -s $API/v1/orders -d '{
    "a": "b"
  }'
{"c":
 1}
```

```sh
not run
```

```console
$ orderwright check \\
    --quick
...
$ cat > order.json <<'END'
{"it's": 1}
END
none
```
"""


def test_commands_go_on_within_quotes_and_after_a_backslash(tmp_path, monkeypatch):
    (tmp_path / "page.md").write_text(PAGE)
    monkeypatch.setattr(guide, "ROOT", tmp_path)
    assert guide.steps_of("page.md") == [
        ("page.md", 4, "KEY=abc", ""),
        ("page.md", 5, 'curl -s $API/v1/orders -d \'{\n    "a": "b"\n  }\'', '{"c":\n 1}'),
        ("page.md", 17, "orderwright check \\\n    --quick", "..."),
        ("page.md", 20, "cat > order.json <<'END'\n{\"it's\": 1}\nEND", "none"),
    ]


def test_steps_share_one_shell_and_both_outputs_are_seen(tmp_path):
    steps = [
        guide.Step("page.md", 1, "WORD=hello", ""),
        guide.Step("page.md", 2, f"echo $WORD {guide.ADDRESS}; echo no >&2; cat", ""),
        guide.Step("page.md", 3, "false", ""),
    ]
    ran = guide.run(steps, tmp_path, {"PATH": "/usr/bin:/bin"}, "http://127.0.0.1:9")
    assert [each.came for each in ran] == ["", f"hello {guide.ADDRESS}\nno", ""]
