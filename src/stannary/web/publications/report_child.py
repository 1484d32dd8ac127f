"""What runs in the process that sets a report; see report_setting. It knows nothing of ours."""

import json
import resource
import sys

import typst

MEMORY_MAX = 4_000_000_000
FILE_MAX = 500_000_000


def main() -> None:
    """Read an order, set the report, and say how it went."""
    order = json.loads(sys.stdin.read())
    limits = {
        resource.RLIMIT_CPU: order["seconds"],
        resource.RLIMIT_AS: MEMORY_MAX,
        resource.RLIMIT_FSIZE: FILE_MAX,
        resource.RLIMIT_CORE: 0,
    }
    for kind, most in limits.items():
        resource.setrlimit(kind, (most, most))
    answer = {}
    try:
        typst.compile(
            order["main"],
            output=order["target"],
            format="pdf",
            root=order["root"],
            font_paths=order["fonts"],
            ignore_system_fonts=True,
            package_path=order["packages"],
            package_cache_path=order["packages"],
            pdf_standards=["a-2a", "ua-1"],
        )
    except typst.TypstError as error:
        answer = {"problem": error.message, "diagnostic": error.diagnostic}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
