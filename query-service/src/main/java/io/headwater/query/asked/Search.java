package io.headwater.query.asked;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.val;

import io.headwater.contract.Faults;
import io.headwater.contract.Field;
import io.headwater.contract.FieldType;
import io.headwater.query.shape.Column;
import io.headwater.query.shape.RecordShape;
import io.headwater.query.tables.RecordTable;
import io.headwater.query.tables.TextIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.StringNode;

/// A search for words in the fields that the model declares for it: every one must be there, `"some
/// words"` one after the other, `-word` must not, `wor*` is how a word begins.
///
/// @param given as it stands in the query
public record Search(String given, List<Term> terms, List<Field> fields) {
    private static final Pattern TERM = Pattern.compile("(-?)(?:\"([^\"]*)\"?|([^\\s\"]+))");
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]");
    private static final int LONGEST = 500;
    private static final int MOST_TERMS = 16;

    /// Column of the rank in the rows of a search.
    private static final String RANK = "_rank";

    /// How well a record fits, 0 to 1: what records are sorted by if nothing else is said.
    public static final Column RANKED =
            new Column(
                    "@rank",
                    RecordShape.TABLE,
                    RANK,
                    List.of(),
                    new FieldType.Decimal(7, 6, null, null),
                    true,
                    java.util.Set.of());

    /// @param begins whether its last word may go on
    public record Term(String words, boolean negated, boolean begins) {}

    public Search {
        terms = List.copyOf(terms);
        fields = List.copyOf(fields);
    }

    /// @return null if a fault was added
    public static @Nullable Search read(
            String given, RecordShape shape, String where, Faults faults) {
        if (shape.searched().isEmpty()) {
            faults.add(
                    where,
                    "unsearchable",
                    "No field of %s is searched; declare \"search\": true on those that should be"
                            .formatted(shape.model()));
            return null;
        }
        if (new FieldType.Text(0, LONGEST, null).canonical(StringNode.valueOf(given), where, faults)
                == null) {
            return null;
        }
        List<Term> terms = terms(given);
        if (terms.size() > MOST_TERMS || terms.stream().allMatch(Term::negated)) {
            faults.add(
                    where,
                    terms.size() > MOST_TERMS ? "bound" : "search",
                    "A search has 1 to %d words that must be there, and may have others that must not"
                            .formatted(MOST_TERMS));
            return null;
        }
        return new Search(given, terms, shape.searched());
    }

    private static List<Term> terms(String given) {
        List<Term> terms = new ArrayList<>();
        Matcher found = TERM.matcher(given);
        while (found.find()) {
            String words = found.group(2) == null ? found.group(3) : found.group(2);
            if (WORD.matcher(words).find()) {
                terms.add(
                        new Term(
                                words,
                                !found.group(1).isEmpty(),
                                found.group(2) == null && words.endsWith("*")));
            }
        }
        return terms;
    }

    /// Those of the rows that are found, with their rank as a further column.
    public Table<?> in(Table<?> rows) {
        org.jooq.Field<Object> words =
                field(
                        TextIndex.READ.words(
                                fields,
                                field ->
                                        RecordShape.TABLE
                                                .append(RecordTable.columnName(field.name()))
                                                .toString()),
                        Object.class);
        org.jooq.Field<Object> query = query();
        return DSL.select(field("{0}.*", RecordShape.TABLE))
                .select(
                        field(
                                        "round(ts_rank({0}, {1})::numeric, 6)",
                                        SQLDataType.NUMERIC, words, query)
                                .as(RANK))
                .from(rows)
                .where(DSL.condition("{0} @@ ({1})", words, query))
                .asTable(RecordShape.TABLE);
    }

    private org.jooq.Field<Object> query() {
        org.jooq.Field<Object> query = null;
        for (Term term : terms) {
            org.jooq.Field<Object> one =
                    field(
                            term.negated() ? "(!! read.phrase({0}, {1}))" : "read.phrase({0}, {1})",
                            Object.class,
                            val(term.words()),
                            inline(term.begins()));
            query = query == null ? one : field("{0} && {1}", Object.class, query, one);
        }
        return java.util.Objects.requireNonNull(query);
    }
}
