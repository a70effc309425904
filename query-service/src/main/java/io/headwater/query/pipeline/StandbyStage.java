package io.headwater.query.pipeline;

import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/// The read model where queries see it: on a hot standby, or on the primary if there is none to be
/// had.
@Component
@Order(5)
final class StandbyStage implements Stage {
    private final DataSource standby;

    StandbyStage(@Qualifier("queryDataSource") DataSource standby) {
        this.standby = standby;
    }

    @Override
    public String name() {
        return "standby";
    }

    @Override
    public void look(ObjectNode description) throws SQLException {
        CheckpointRow.look(standby, description);
    }
}
