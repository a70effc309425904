package io.headwater.query.pipeline;

import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/// The read model on the primary, where the projection writes it.
@Component
@Order(4)
final class ProjectionStage implements Stage {
    private final DataSource primary;

    ProjectionStage(@Qualifier("primaryQueryDataSource") DataSource primary) {
        this.primary = primary;
    }

    @Override
    public String name() {
        return "projection";
    }

    @Override
    public void look(ObjectNode description) throws SQLException {
        CheckpointRow.look(primary, description);
    }
}
