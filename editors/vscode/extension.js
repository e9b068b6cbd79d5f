// What VS Code shows of Asterism: the menu as a tree with check boxes, and the language server's diagnostics and hovers.
"use strict";

const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");
const { MenuClient } = require("./menu-client");

const ICONS = { on: "check", off: "circle-outline", unavailable: "error" };

// The tree of categories and members; the states are those of the last answer.
class MenuTree {
  constructor(program, directory) {
    this.events = new vscode.EventEmitter();
    this.onDidChangeTreeData = this.events.event;
    this.categories = [];
    this.members = new Map();
    this.client = new MenuClient(program, directory, (answer) => this.changed(answer));
    this.client.menu.then(
      (menu) => this.filled(menu),
      (error) => vscode.window.showErrorMessage(`Asterism: ${error.message}`)
    );
  }

  filled(menu) {
    this.categories = menu.categories;
    for (const category of menu.categories) {
      for (const member of category.members) this.members.set(`${category.name}/${member.name}`, { ...member, category: category.name });
    }
    this.events.fire();
  }

  changed(answer) {
    for (const state of answer.changed) {
      const member = this.members.get(`${state.category}/${state.name}`);
      if (member) Object.assign(member, state);
    }
    if (answer.changed.length) this.events.fire();
  }

  getChildren(category) {
    if (!category) return this.categories;
    return category.members.map((member) => this.members.get(`${category.name}/${member.name}`));
  }

  getTreeItem(node) {
    return node.members ? this.categoryItem(node) : this.memberItem(node);
  }

  categoryItem(category) {
    const item = new vscode.TreeItem(category.title, vscode.TreeItemCollapsibleState.Collapsed);
    const on = this.getChildren(category).filter((member) => member.state === "on").length;
    item.description = `${on}/${category.members.length}`;
    return item;
  }

  memberItem(member) {
    const item = new vscode.TreeItem(member.name);
    item.description = `${member.change} ${member.title}`.trim();
    item.contextValue = "member";
    item.iconPath = new vscode.ThemeIcon(ICONS[member.state]);
    if (member.state !== "unavailable") {
      const states = vscode.TreeItemCheckboxState;
      item.checkboxState = member.state === "on" ? states.Checked : states.Unchecked;
    }
    return item;
  }

  // A request whose sentence or refusal is shown to the user.
  async tell(name, more) {
    try {
      const answer = await this.client.ask(name, more);
      if (answer.text) vscode.window.setStatusBarMessage(`${answer.text} ${answer.make}`, 8000);
      return answer;
    } catch (error) {
      vscode.window.showErrorMessage(`Asterism: ${error.message}`);
      return undefined;
    }
  }

  async checked(items) {
    for (const [member, state] of items) {
      const name = state === vscode.TreeItemCheckboxState.Checked ? "on" : "off";
      if (!member.members) await this.tell(name, { members: [`${member.category}/${member.name}`] });
    }
    this.events.fire(); // the box of a member that was refused goes back
  }

  async explain(member) {
    const answer = await this.tell("explain", { members: [`${member.category}/${member.name}`] });
    if (answer) vscode.window.showInformationMessage(answer.explained[0].lines.join("\n"), { modal: true });
  }
}

function languageClient(program) {
  const server = { command: program, args: ["lsp"] };
  const documents = [
    { scheme: "file", language: "c" },
    { scheme: "file", language: "cpp" },
    { scheme: "file", language: "python" },
    { scheme: "file", pattern: "**/asterism.toml" },
    { scheme: "file", pattern: "**/*.{conf,conf.sample}" },
  ];
  return new LanguageClient("asterism", "Asterism", server, { documentSelector: documents });
}

async function activate(context) {
  const program = vscode.workspace.getConfiguration("asterism").get("program");
  const client = languageClient(program);
  context.subscriptions.push({ dispose: () => client.stop() });
  client.start();
  const folder = (vscode.workspace.workspaceFolders || [])[0];
  if (!folder) return undefined;
  const tree = new MenuTree(program, folder.uri.fsPath);
  const view = vscode.window.createTreeView("asterism.menu", { treeDataProvider: tree, manageCheckboxStateManually: true });
  context.subscriptions.push(
    view,
    view.onDidChangeCheckboxState((event) => tree.checked(event.items)),
    vscode.commands.registerCommand("asterism.save", () => tree.tell("save")),
    vscode.commands.registerCommand("asterism.undo", () => tree.tell("undo")),
    vscode.commands.registerCommand("asterism.explain", (member) => tree.explain(member)),
    { dispose: () => tree.client.close() }
  );
  return tree;
}

module.exports = { activate };
