// Wagtail's rich-text editor: words that open the chat. What they open it with is asked for in Wagtail's own dialog.
//
// Everything here is what Wagtail gives to its editor's extensions: window.draftail, window.DraftJS and window.React.

interface Chosen {
  department: string;
  sentence: string;
  address: string;
}

interface Entity {
  getData(): Chosen;
}

interface Modal {
  body: unknown;
  ajaxifyForm(form: unknown): void;
  respond(name: string, value: unknown): void;
}

interface SourceProps {
  editorState: any;
  entity: Entity | null;
  entityType: { type: string; url: string; label: string };
  onComplete(state: unknown): void;
}

const { draftail, DraftJS, React, jQuery } = window as any;

class ChatLinkSource extends draftail.ModalWorkflowSource {
  getChooserConfig(entity: Entity | null): object {
    const { url } = (this.props as SourceProps).entityType;
    return {
      url,
      urlParams: entity ? entity.getData() : {},
      onload: {
        form: (modal: Modal) => modal.ajaxifyForm(jQuery("form", modal.body)),
        chosen: (modal: Modal, answer: { chosen: Chosen }) => modal.respond("chosen", answer.chosen),
      },
      responses: { chosen: this.onChosen },
    };
  }

  onChosen(chosen: Chosen): void {
    const { editorState, entityType, onComplete } = this.props as SourceProps;
    const content = editorState.getCurrentContent().createEntity(entityType.type, "MUTABLE", chosen);
    const key = content.getLastCreatedEntityKey();
    const selection = editorState.getSelection();
    const changed = selection.isCollapsed()
      ? DraftJS.Modifier.replaceText(content, selection, entityType.label, undefined, key)
      : DraftJS.Modifier.applyEntity(content, selection, key);
    this.workflow.close();
    onComplete(DraftJS.EditorState.push(editorState, changed, "apply-entity"));
  }
}

function ChatLink(props: { entityKey: string; contentState: any }): unknown {
  const { sentence } = props.contentState.getEntity(props.entityKey).getData() as Chosen;
  const icon = React.createElement("svg", { className: "icon icon-livechat", "aria-hidden": true }, React.createElement("use", { href: "#icon-livechat" }));
  return React.createElement(draftail.TooltipEntity, { ...props, icon, label: sentence || "" });
}

draftail.registerPlugin({ type: "LIVECHAT", source: ChatLinkSource, decorator: ChatLink }, "entityTypes");
