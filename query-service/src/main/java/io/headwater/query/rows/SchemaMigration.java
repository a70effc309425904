package io.headwater.query.rows;

import io.headwater.query.tables.ReadSchema;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/// Makes a read schema, or brings it up to date. Safe for concurrent use, by several instances too.
public final class SchemaMigration {
    private static final String IS_THERE =
            """
            SELECT to_regclass(? || '.checkpoint') IS NOT NULL
            """;

    private final DataSource owner;

    /// @param owner connects as the role that owns the database
    public SchemaMigration(DataSource owner) {
        this.owner = owner;
    }

    /// @return whether anything had to be done
    public boolean migrate(String schema) {
        return Flyway.configure()
                        .dataSource(owner)
                        .schemas(schema)
                        .locations(ReadSchema.MIGRATIONS)
                        .load()
                        .migrate()
                        .migrationsExecuted
                > 0;
    }

    /// Whether the schema is there and was migrated.
    public static boolean isThere(Connection connection, String schema) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(IS_THERE)) {
            statement.setString(1, schema);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }
}
