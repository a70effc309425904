package io.headwater.query.rows;

import static org.jooq.impl.DSL.name;

import io.headwater.contract.Field;
import io.headwater.contract.FieldType;
import io.headwater.contract.ModelDefinition;
import io.headwater.contract.ModelName;
import io.headwater.query.tables.HistoryTable;
import io.headwater.query.tables.RecordTable;
import io.headwater.query.tables.TextIndex;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The indexes that a model's definition asks for, on the table of its records and on that of their
/// history. Tables are named without their schema: the connection's `search_path` says which.
///
/// | declared | names | serves |
/// |---|---|---|
/// | indexed, unique, reference | `ix_`, `ih_` | equality, order, and with `_id` the keyset page; of a list its values |
/// | indexed text | `sx_`, `sh_` | `starts` |
/// | searched text, not long | `cx_`, `ch_` | `contains` and `starts` |
/// | searched texts | `fx_`, `fh_` | the search for words |
record IndexLayout(ModelName model, ModelDefinition definition) {
    private static final int LONGEST_NAME = 63;
    private static final TextIndex TEXT = new TextIndex("");

    /// An index of its own on each table.
    ///
    /// @param kind first letter of the names
    /// @param of what it is an index of
    /// @param key columns; `%s` stands for how the key goes on
    private record Index(String kind, String of, String key) {}

    /// The statements that make them, by the quoted names of the indexes.
    Map<String, String> create() {
        List<Index> indexes = new ArrayList<>();
        definition.fields().values().forEach(field -> indexes.addAll(of(field)));
        List<Field> searched = definition.searched();
        if (!searched.isEmpty()) {
            String words = TEXT.words(searched, IndexLayout::column);
            indexes.add(new Index("f", model.value(), "USING gin ((" + words + "))"));
        }
        Map<String, String> statements = new LinkedHashMap<>();
        for (Index index : indexes) {
            statements.put(
                    indexName(index.kind() + "x_", index.of()),
                    "ON %s %s"
                            .formatted(
                                    RecordTable.of(model).name(),
                                    index.key().formatted("\"_id\"")));
            statements.put(
                    indexName(index.kind() + "h_", index.of()),
                    "ON %s %s"
                            .formatted(
                                    HistoryTable.of(model).name(),
                                    index.key().formatted(HistoryLayout.STATE)));
        }
        statements.replaceAll((name, on) -> "CREATE INDEX " + name + " " + on);
        return statements;
    }

    private List<Index> of(Field field) {
        List<Index> indexes = new ArrayList<>();
        String of = model.value() + "." + field.name();
        String folded = TEXT.folded(column(field));
        if (field.hasIndex()) {
            indexes.add(
                    field.type() instanceof FieldType.Items
                            ? new Index("i", of, "USING gin (" + column(field) + ")")
                            : new Index("i", of, "(" + column(field) + ", %s)"));
        }
        if (field.hasPrefixIndex()) {
            indexes.add(new Index("s", of, "((" + folded + "), %s)"));
        }
        if (field.hasPartIndex()) {
            indexes.add(new Index("c", of, "USING gin ((" + folded + ") public.gin_trgm_ops)"));
        }
        return indexes;
    }

    private static String column(Field field) {
        return RecordTable.columnName(field.name()).toString();
    }

    /// `ix_<model>.<field>`, in history `ih_…`: no table has a dot in its name. What is too long
    /// for PostgreSQL is cut and told apart by a digest.
    private static String indexName(String prefix, String of) {
        String full = "ix_" + of;
        if (full.length() > LONGEST_NAME) {
            full = full.substring(0, LONGEST_NAME - 17) + "." + digest(full).substring(0, 16);
        }
        return name(prefix + full.substring(prefix.length())).toString();
    }

    private static String digest(String text) {
        try {
            var sha = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
