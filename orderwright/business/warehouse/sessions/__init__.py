"""Sessions: somebody at work with a scanner, phone or keyboard wedge. A scan goes in, the next instruction comes out.

The protocol, for whoever makes a device:

- `POST /v1/sessions` opens a session of a kind (`pick`, `sort`, `put_back`, ...) and answers the first instruction.
  The same person, kind and subject again answer the session that is open.
- `POST /v1/sessions/{id}/scans` sends scans, one or up to 200: `{"n": 1, "code": "L:LEEDS/A-01-02"}`. `n` counts the
  device's scans in the session from 1. The same `n` again is answered as the first time and counts once; under
  another code it is `scan_differs`. One that is ahead of its turn waits until those before it have come, whenever that
  is: an offline device sends what it kept, in any order, as often as it likes.
- Each answer holds an instruction: what to do (`words`; `say` and `facts` to put it in other words), what is expected
  to be scanned next (`expects`), and a tone to beep in. A refused scan changes nothing.
- What a person asks for by a key is a `command` (short, full, skip, back, done, pause). A barcode is never one, unless
  the store itself sealed and printed it (`GET /v1/scan-commands`).
- `occurred_at` is the device's own time of the scan. A time ahead of the store's or before the session is not believed.

A kind of session is two modules. One, here, is pure: a `Struct` as its state, `ask(state, view)`: the instruction now,
`step(state, told, view)`: what a scan leads to, and `tell(state, view)`: what happened that the person must hear. The
other, in `deeds/scanning/`, reads the view, set-based for many sessions, and does what steps want by the very deeds the
API calls. `deeds/scanning/kinds.py` names both, and says what each is asked; its sentences stand
in `saying.py`. `tests/sessions/test_a_new_kind.py` is one at its smallest.
"""
