"""All long runs, one after the other."""

import sys

from tests.soak import kill

if __name__ == "__main__":
    sys.exit(kill.main())
