"""Tests of the built packages, in fresh roots of Debian. `make test-installers` runs them."""
