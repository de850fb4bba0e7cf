import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { ActionHelper } from "@web/views/action_helper";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ListController } from "@web/views/list/list_controller";
import { ListRenderer } from "@web/views/list/list_renderer";
import { listView } from "@web/views/list/list_view";
import { Gallery } from "./gallery";

const ACTION = "loyalty_b2b2c.b2b2c_mechanic_action";

/** Open a program in which nothing is filled in yet. */
export const BLANK = {
    type: "ir.actions.act_window",
    res_model: "b2b2c.program",
    views: [[false, "form"]],
};

/** What stands in the place of programs while there are none: the gallery. */
export class ProgramHelper extends Component {
    static template = "loyalty_b2b2c.ProgramHelper";
    static components = { ActionHelper, Gallery };
    static props = { ...ActionHelper.props };

    setup() {
        this.action = useService("action");
    }

    openBlank() {
        return this.action.doAction(BLANK);
    }

    /** Whether nothing was searched for: then there are no programs at all. */
    get isEmpty() {
        return !this.env.searchModel?.facets.length;
    }
}

/** "New" of the programs opens the gallery of mechanics. */
export class ProgramKanbanController extends KanbanController {
    async createRecord() {
        await this.actionService.doAction(ACTION);
    }
}

export class ProgramKanbanRenderer extends KanbanRenderer {
    static components = { ...KanbanRenderer.components, ActionHelper: ProgramHelper };
}

export class ProgramListController extends ListController {
    async createRecord() {
        await this.actionService.doAction(ACTION);
    }
}

export class ProgramListRenderer extends ListRenderer {
    static components = { ...ListRenderer.components, ActionHelper: ProgramHelper };
}

registry.category("views").add("b2b2c_program_kanban", {
    ...kanbanView,
    Controller: ProgramKanbanController,
    Renderer: ProgramKanbanRenderer,
});
registry.category("views").add("b2b2c_program_list", {
    ...listView,
    Controller: ProgramListController,
    Renderer: ProgramListRenderer,
});
