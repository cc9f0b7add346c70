"""`python -m orderwright` is `orderwright`."""

from orderwright.app import main

main()
