"""The `mltradeoff-lint` group: commands are loaded when they are named, errors are one line, exit status 0, 1 or 2."""

from __future__ import annotations

import gc
import importlib
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from mltradeoff_lint import __version__
from mltradeoff_lint.model.problem import UsageError
from mltradeoff_lint.model.spelling import did_you_mean

PROGRAM = "mltradeoff-lint"
COMMANDS = ("check", "explain", "graph", "rules")
"""Each is a module of this package that holds a click command named `command`."""
INTERRUPTED = 130
"""Exit status after Ctrl-C, as shells report a process ended by SIGINT."""


class _LazyGroup(click.Group):
    """A group that imports a command's module only when the command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"mltradeoff_lint.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            raise click.UsageError(f"no such command: {args[0]}{did_you_mean(args[0], COMMANDS)}", ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name=PROGRAM)
def group() -> None:
    """Find the production trade-offs of a machine-learning repository that were decided without being paid for."""


def main() -> NoReturn:
    """Run the command line of this process and exit."""
    # the process ends with its command: a collection, also the one at its end, would walk all that was read and kept
    gc.disable()
    status = run(sys.argv[1:])
    gc.freeze()
    sys.exit(status)


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit status.

    0: nothing at or above `--fail-on`; 1: findings; 2: usage, settings or internal error, said in one line on
    stderr when it is the user's to mend and as a traceback when it is ours.
    """
    try:
        status = group.main(args=list(arguments) or ["--help"], prog_name=PROGRAM, standalone_mode=False)
        sys.stdout.flush()
        return status if isinstance(status, int) else 0
    except UsageError as error:
        return _fail(str(error))
    except click.ClickException as error:
        return _fail(_usage_message(error))
    except click.Abort:
        _fail("interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        return _reader_left()
    except Exception as error:
        import traceback

        traceback.print_exc()
        return _fail(f"internal error: {type(error).__name__}: {error}")


def _fail(message: str) -> int:
    from mltradeoff_lint.report.text import escape

    print(f"error: {escape(' '.join(message.split()))}", file=sys.stderr)
    return 2


def _usage_message(error: click.ClickException) -> str:
    """Click's own errors as one line, with the nearest valid name or the command that lists them."""
    context = getattr(error, "ctx", None)
    if isinstance(error, click.NoSuchOption):
        names = _option_names(context)
        message = f"no such option: {error.option_name}{did_you_mean(error.option_name, names)}"
    else:
        message = error.format_message().strip().rstrip(".")
        message = message[:1].lower() + message[1:]
    if "did you mean" in message or "; one of " in message or context is None:
        return message
    return f"{message} (see {context.command_path} --help)"


def _option_names(context: click.Context | None) -> list[str]:
    if context is None:
        return []
    return [name for option in context.command.get_params(context) for name in option.opts if name.startswith("--")]


def _reader_left() -> int:
    """The reader of our output closed it (`| head`): stay quiet, here and when the interpreter flushes at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0
