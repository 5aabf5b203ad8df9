"""What is listed of a folder, with git and without, and what is left out with a word about it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from mltradeoff_lint.model.problem import ProblemKind
from mltradeoff_lint.tree import TreeFile, WorktreeTree, git_remote, git_revision
from mltradeoff_lint.tree.files import EXECUTABLE_MODE, LINK_MODE


def git(root: Path, *arguments: str) -> None:
    settings = [
        "-c",
        "user.name=t",
        "-c",
        "user.email=t@t",
        "-c",
        "init.defaultBranch=main",
        "-c",
        "protocol.file.allow=always",
    ]
    subprocess.run(["git", *settings, "-C", str(root), *arguments], check=True, capture_output=True)


def write(root: Path, *paths: str, text: str = "x") -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with tracked, loose and ignored files."""
    root = tmp_path / "repository"
    write(root, "src/a.py", "data/big.bin", "run.sh", "é.py", "venv/lib.py", "deep/node_modules/x.js")
    (root / ".gitignore").write_text("*.csv\n/out/\n")
    os.chmod(root / "run.sh", 0o755)
    git(root.parent, "init", "-q", str(root))
    git(root, "add", "-A", "-f")
    git(root, "commit", "-qm", "x")
    write(root, "new.py", "data/x.csv", "out/y.py", "src/__pycache__/a.pyc")
    return root


def paths(tree: WorktreeTree) -> list[str]:
    return [file.path for file in tree.files()]


def said(tree: WorktreeTree) -> list[tuple[str, str]]:
    assert {problem.kind for problem in tree.problems} <= {ProblemKind.SKIPPED}
    return [(problem.site.path, problem.message.removeprefix("not read: ")) for problem in tree.problems]


def test_tracked_and_loose_files_are_listed_and_told_apart(repository: Path) -> None:
    tree = WorktreeTree(repository)
    assert paths(tree) == [".gitignore", "data/big.bin", "new.py", "run.sh", "src/a.py", "é.py"]
    assert [file.path for file in tree.files() if not file.is_tracked] == ["new.py"]
    assert [file.path for file in tree.files() if file.mode == EXECUTABLE_MODE] == ["run.sh"]
    assert TreeFile("data/big.bin", 1, True) in tree.files()
    assert tree.knows_tracking
    assert tree.read("é.py") == b"x"
    assert said(tree) == []


def test_a_folder_of_a_repository_is_a_root_of_its_own(repository: Path) -> None:
    tree = WorktreeTree(repository / "src")
    assert [(file.path, file.is_tracked) for file in tree.files()] == [("a.py", True)]
    assert tree.knows_tracking


@pytest.mark.parametrize(("name", "is_tracked"), [("src/a.py", True), ("new.py", False), ("out/y.py", False)])
def test_a_file_is_the_only_one_of_its_folder(repository: Path, name: str, is_tracked: bool) -> None:
    tree = WorktreeTree(repository / name)
    assert [(file.path, file.is_tracked) for file in tree.files()] == [(name.split("/")[-1], is_tracked)]


def test_a_tracked_file_that_is_gone_is_not_listed(repository: Path) -> None:
    (repository / "src/a.py").unlink()
    assert "src/a.py" not in paths(WorktreeTree(repository))


def test_a_path_outside_a_sparse_checkout_is_listed_as_tracked(repository: Path) -> None:
    git(repository, "update-index", "--skip-worktree", "data/big.bin")
    (repository / "data/big.bin").unlink()
    tree = WorktreeTree(repository)
    assert TreeFile("data/big.bin", 0, True) in tree.files()
    with pytest.raises(OSError, match="No such file"):
        tree.read("data/big.bin")


@pytest.mark.parametrize("folder", ["", "data"])
def test_with_an_index_that_was_never_filled_the_last_commit_tells_what_is_tracked(
    repository: Path, folder: str
) -> None:
    filled = WorktreeTree(repository / folder).files()
    (repository / ".git/index").unlink()
    tree = WorktreeTree(repository / folder)
    assert (tree.files(), tree.knows_tracking) == (filled, True)


def test_files_that_are_taken_out_of_the_index_of_one_folder_are_untracked(repository: Path) -> None:
    git(repository, "rm", "-q", "--cached", "src/a.py")
    assert [file.is_tracked for file in WorktreeTree(repository / "src").files()] == [False]


def test_without_git_a_walk_minds_ignore_files(tmp_path: Path) -> None:
    write(
        tmp_path,
        "a.py",
        "b.log",
        "sub/c.log",
        "sub/keep.log",
        "sub/d.py",
        "out/e.py",
        "env/pyvenv.cfg",
        "env/f.py",
        ".venv/g.py",
    )
    (tmp_path / ".gitignore").write_text("*.log\nout/\n")
    (tmp_path / "sub/.gitignore").write_text("!keep.log\n")
    tree = WorktreeTree(tmp_path)
    assert paths(tree) == [".gitignore", "a.py", "sub/.gitignore", "sub/d.py", "sub/keep.log"]
    assert not tree.knows_tracking
    assert all(file.is_tracked for file in tree.files())


def test_git_that_is_not_there_is_said(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    tree = WorktreeTree(repository)
    assert not tree.knows_tracking
    assert paths(tree) == [".gitignore", "data/big.bin", "new.py", "run.sh", "src/a.py", "é.py"]
    ((path, words),) = said(tree)
    assert path == ".git"
    assert "all files count as tracked" in words


def test_links_are_followed_only_inside_the_root(repository: Path) -> None:
    outside = repository.parent / "secret.py"
    outside.write_text("secret")
    (repository / "in.py").symlink_to("src/a.py")
    (repository / "out.py").symlink_to(outside)
    (repository / "none.py").symlink_to("nowhere")
    (repository / "folder").symlink_to("src")
    (repository / "loop").symlink_to("loop")
    tree = WorktreeTree(repository)
    assert TreeFile("in.py", 1, False, LINK_MODE) in tree.files()
    assert {"out.py", "none.py", "folder", "loop"} & set(paths(tree)) == set()
    assert tree.read("in.py") == b"x"
    assert said(tree) == [
        ("loop", "a link that leads nowhere"),
        ("none.py", "a link that leads nowhere"),
        ("out.py", "a link that leads out of the analysed folder"),
    ]


def test_a_tracked_folder_that_became_a_link_out_is_left_out(repository: Path) -> None:
    outside = repository.parent / "outside"
    write(outside, "a.py", text="secret")
    (repository / "src/a.py").unlink()
    (repository / "src/__pycache__/a.pyc").unlink()
    (repository / "src/__pycache__").rmdir()
    (repository / "src").rmdir()
    (repository / "src").symlink_to(outside)
    tree = WorktreeTree(repository)
    assert "src/a.py" not in paths(tree)
    assert ("src/a.py", "its folder is a link that leads out of the analysed folder") in said(tree)


def test_a_file_that_becomes_a_link_out_after_listing_is_not_read(repository: Path) -> None:
    tree = WorktreeTree(repository)
    assert "new.py" in paths(tree)
    (repository / "new.py").unlink()
    (repository / "new.py").symlink_to("/etc/hostname")
    with pytest.raises(PermissionError):
        tree.read("new.py")


def test_a_file_that_becomes_a_pipe_after_listing_does_not_block(repository: Path) -> None:
    tree = WorktreeTree(repository)
    assert "new.py" in paths(tree)
    (repository / "new.py").unlink()
    os.mkfifo(repository / "new.py")
    with pytest.raises(OSError, match="no regular file"):
        tree.read("new.py")


@pytest.mark.parametrize("path", ["../x", "/etc/passwd", "src", "absent.py", ".git/config"])
def test_only_listed_files_are_read(repository: Path, path: str) -> None:
    with pytest.raises(FileNotFoundError):
        WorktreeTree(repository).read(path)


def test_special_files_and_odd_names_are_left_out_and_said(repository: Path) -> None:
    (repository / "run.sh").unlink()
    os.mkfifo(repository / "run.sh")
    with open(os.fsencode(repository) + b"/\xff.py", "wb"):
        pass
    assert said(WorktreeTree(repository)) == [
        ("\\xff.py", "its name is not valid UTF-8"),
        ("run.sh", "no regular file"),
    ]


def test_submodules_and_nested_repositories_are_left_out_and_said(repository: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    write(other, "a.py")
    git(tmp_path, "init", "-q", str(other))
    git(other, "add", "-A")
    git(other, "commit", "-qm", "x")
    git(repository, "submodule", "add", "-q", str(other), "sub")
    git(tmp_path, "clone", "-q", str(other), str(repository / "nested"))
    tree = WorktreeTree(repository)
    assert [path for path in paths(tree) if path.startswith(("sub", "nested"))] == []
    assert [path for path, _ in said(tree)] == ["nested", "sub"]


def test_nothing_that_the_repository_configures_is_run(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mark = repository.parent / "ran"
    script = repository.parent / "evil.sh"
    script.write_text(f"#!/bin/sh\ntouch {mark}\n")
    script.chmod(0o755)
    hooks = repository.parent / "hooks"
    write(hooks, "post-index-change", text=script.read_text())
    (hooks / "post-index-change").chmod(0o755)
    for key, value in (
        ("core.fsmonitor", script),
        ("core.hooksPath", hooks),
        ("core.pager", script),
        ("alias.ls-files", f"!{script}"),
    ):
        git(repository, "config", key, str(value))
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", str(script))
    index = (repository / ".git/index").read_bytes()
    os.utime(repository / "run.sh", (1, 1))
    tree = WorktreeTree(repository)
    assert "src/a.py" in paths(tree)
    assert git_revision(repository) is not None
    assert not mark.exists()
    assert (repository / ".git/index").read_bytes() == index


def test_variables_of_a_running_git_do_not_lead_elsewhere(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_INDEX_FILE", "/nowhere/index")
    assert WorktreeTree(repository).knows_tracking


def test_a_work_tree_configured_elsewhere_is_not_believed(repository: Path) -> None:
    other = repository.parent / "elsewhere"
    other.mkdir()
    git(repository, "config", "core.worktree", str(other))
    tree = WorktreeTree(repository)
    assert not tree.knows_tracking
    assert "src/a.py" in paths(tree)


def test_listing_is_the_same_each_time(repository: Path) -> None:
    assert WorktreeTree(repository).files() == WorktreeTree(repository).files()


def test_the_revision_is_that_of_head(repository: Path, tmp_path: Path) -> None:
    head = (repository / ".git/refs/heads/main").read_text().strip()
    assert git_revision(repository) == head
    assert git_revision(repository / "src") == head
    assert git_revision(tmp_path) is None


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://user:secret@github.com/o/r.git", "https://github.com/o/r.git"),
        ("https://token@h/r", "https://h/r"),
        ("git@github.com:o/r.git", "ssh://github.com/o/r.git"),
        ("ssh://git@h:22/o/r", "ssh://h:22/o/r"),
        ("ext::sh -c evil", None),
        ("../local", None),
        ("C:\\work\\r", None),
    ],
)
def test_the_remote_is_shown_without_credentials(repository: Path, url: str, shown: str | None) -> None:
    git(repository, "config", "remote.origin.url", url)
    assert git_remote(repository) == shown
