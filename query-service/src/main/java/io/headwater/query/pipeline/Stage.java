package io.headwater.query.pipeline;

import tools.jackson.databind.node.ObjectNode;

/// One stage of the way of a change. A look may block for some seconds; looks at one stage never
/// overlap.
interface Stage {
    /// Member with the position of the newest event that the stage has.
    String POSITION = "position";

    /// Member with the time of that event.
    String TIME = "time";

    String name();

    /// Adds what is known to the description of the stage: [#POSITION], [#TIME], and whatever is
    /// particular to it.
    ///
    /// @throws Exception if the stage cannot be reached; its message says why
    void look(ObjectNode description) throws Exception;
}
