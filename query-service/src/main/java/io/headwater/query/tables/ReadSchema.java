package io.headwater.query.tables;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import java.time.Instant;
import org.jooq.Field;
import org.jooq.JSON;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.SQLDataType;

/// The tables of the read schema that are there whatever models there are; `db/migration/read`
/// tells what each column means. Tables of records: [RecordTable].
public final class ReadSchema {
    /// What queries read.
    public static final String NAME = "read";

    /// Flyway location of the migrations. They fill whatever schema Flyway is pointed at.
    public static final String MIGRATIONS = "classpath:db/migration/read";

    private ReadSchema() {}

    /// How far the projection is: one row, [#PROJECTION], from the migration on. `position` 0:
    /// nothing yet.
    public static final class Checkpoint {
        /// Value of [#NAME] of the one row.
        public static final String PROJECTION = "records";

        public static final Table<Record> TABLE = table(name(ReadSchema.NAME, "checkpoint"));
        public static final Field<String> NAME = column("projection", String.class);

        /// The log's line of life; empty while no event was applied and none was asked for.
        public static final Field<String> EPOCH = column("epoch", String.class);

        /// Position of the last event in the tables.
        public static final Field<Long> POSITION = column("position", Long.class);

        /// Time of that event; null before the first.
        public static final Field<Instant> EVENT_AT =
                field(name("checkpoint", "event_at"), SQLDataType.INSTANT);

        /// The tables of history have every state from here on; 0 for all.
        public static final Field<Long> HISTORY_SINCE = column("history_since", Long.class);

        /// Why the projection stands still, in words for people; null while it goes on.
        public static final Field<String> ALARM = column("alarm", String.class);

        private Checkpoint() {}

        private static <T> Field<T> column(String column, Class<T> type) {
            return field(name("checkpoint", column), type);
        }
    }

    /// The models, one row each.
    public static final class Models {
        public static final Table<Record> TABLE = table(name(ReadSchema.NAME, "model"));
        public static final Field<String> NAME = field(name("model", "name"), String.class);

        /// Newest version of the definition; see [Versions].
        public static final Field<Integer> VERSION = field(name("model", "version"), Integer.class);

        /// When it was retired; null while it takes commands.
        public static final Field<Instant> RETIRED_AT =
                field(name("model", "retired_at"), SQLDataType.INSTANT);

        private Models() {}
    }

    /// Every version of every model's definition.
    public static final class Versions {
        public static final Table<Record> TABLE = table(name(ReadSchema.NAME, "model_version"));
        public static final Field<String> NAME = field(name("model_version", "name"), String.class);
        public static final Field<Integer> VERSION =
                field(name("model_version", "version"), Integer.class);

        /// The definition's JSON as in the event; `ModelDefinition.read` reads it.
        public static final Field<JSON> DEFINITION =
                field(name("model_version", "definition"), SQLDataType.JSON);

        /// Position of the event that defined it.
        public static final Field<Long> POSITION =
                field(name("model_version", "position"), Long.class);

        public static final Field<Instant> DEFINED_AT =
                field(name("model_version", "defined_at"), SQLDataType.INSTANT);

        private Versions() {}
    }
}
