"""The extension of VS Code: its manifest, and its code in node, over a real menu and with a stand-in for the editor."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from menuselect.tui.serving.protocol import RULES

EXTENSION = Path(__file__).parents[2] / "editors" / "vscode"
NODE = shutil.which("node")

EDITOR = """
const Module = require("module");
const load = Module._load;
const told = [];
const handlers = {};
const vscode = {
  EventEmitter: class { constructor() { this.event = () => {}; } fire() {} },
  TreeItem: class { constructor(label) { this.label = label; } },
  ThemeIcon: class { constructor(id) { this.id = id; } },
  TreeItemCollapsibleState: { Collapsed: 1 },
  TreeItemCheckboxState: { Checked: 1, Unchecked: 0 },
  workspace: {
    getConfiguration: () => ({ get: () => PROGRAM }),
    workspaceFolders: [{ uri: { fsPath: TREE } }],
  },
  window: {
    createTreeView: () => ({ onDidChangeCheckboxState: () => {}, dispose: () => {} }),
    setStatusBarMessage: (text) => told.push(text),
    showErrorMessage: (text) => told.push(text),
    showInformationMessage: (text) => told.push(text.split("\\n")[0]),
  },
  commands: { registerCommand: (name, handler) => { handlers[name] = handler; } },
};
class LanguageClient {
  constructor(id, name, server) { told.push([server.command === PROGRAM, ...server.args].join(" ")); }
  start() {}
  stop() {}
}
Module._load = (name, ...rest) =>
  name === "vscode" ? vscode : name === "vscode-languageclient/node" ? { LanguageClient } : load(name, ...rest);

(async () => {
  const { activate } = require(EXTENSION + "/extension.js");
  const context = { subscriptions: [] };
  const tree = await activate(context);
  await tree.client.menu;
  const [category] = tree.getChildren();
  const items = () => tree.getChildren(category).map((member) => {
    const item = tree.getTreeItem(member);
    return [item.label, item.iconPath.id, item.checkboxState === undefined ? "none" : item.checkboxState].join(" ");
  });
  const before = items();
  const [first, second] = tree.getChildren(category);
  await tree.checked([[first, 0], [second, 1]]);
  const after = items();
  await handlers["asterism.explain"](second);
  await handlers["asterism.undo"]();
  await tree.tell("nonsense");
  console.log(JSON.stringify({ title: tree.getTreeItem(category).description, before, after, told }));
  for (const each of context.subscriptions) if (each && each.dispose) each.dispose();
})();
"""

TREE = """\
<menu name="M"><category name="MENUSELECT_RES" displayname="Resource Modules">
<member name="res_a" displayname="A"><support_level>core</support_level></member>
<member name="res_b" displayname="B"><depend>strangelib</depend><support_level>core</support_level></member>
</category></menu>
"""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """The command ``asterism`` as a program."""
    path = tmp_path / "asterism"
    path.write_text(f"#!/bin/sh\nPYTHONPATH='{':'.join(sys.path)}' exec '{sys.executable}' -m asterism \"$@\"\n")
    path.chmod(0o755)
    return path


@pytest.mark.skipif(not NODE, reason="needs node")
def test_the_tree_of_the_extension_switches_members_and_shows_refusals(tmp_path: Path, program: Path) -> None:
    top = tmp_path / "tree"
    (top / "build_tools").mkdir(parents=True)
    (top / "menuselect-tree").write_text(TREE)
    (top / "build_tools" / "menuselect-deps").write_text("STRANGELIB=0\n")
    names = {"PROGRAM": str(program), "TREE": str(top), "EXTENSION": str(EXTENSION)}
    constants = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in names.items())
    done = subprocess.run([str(NODE), "-e", constants + EDITOR], capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
    found = json.loads(done.stdout)
    assert found["before"] == ["res_a check 1", "res_b error none"]
    assert found["after"] == ["res_a circle-outline 0", "res_b error none"]
    assert found["title"] == "1/2"
    assert found["told"] == [
        "true lsp",
        "res_a is off. nothing to build",
        "res_b cannot be on: it needs strangelib, which was not found. nothing to build",
        "res_b  B",
        "Undone: res_a off. On: res_a. 1 to build",
        f"Asterism: unknown request 'nonsense'; use one of {', '.join(RULES)}",
    ]


def test_the_manifest_names_the_commands_that_the_code_registers() -> None:
    manifest = json.loads((EXTENSION / "package.json").read_text())
    code = (EXTENSION / "extension.js").read_text()
    commands = [each["command"] for each in manifest["contributes"]["commands"]]
    assert commands == re.findall(r'registerCommand\("([\w.]+)"', code)
    assert re.findall(r'createTreeView\("([\w.]+)"', code) == [manifest["contributes"]["views"]["explorer"][0]["id"]]
    assert set(re.findall(r'tell\("([\w-]+)"', code)) <= set(RULES)
    assert (EXTENSION / manifest["main"]).is_file()
