package io.headwater.query.asked;

import io.headwater.contract.FieldType;
import io.headwater.contract.ModelName;
import io.headwater.query.shape.Column;
import io.headwater.query.shape.Operator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jooq.Name;

/// What no index serves in a query, and what to declare in the model so that one does.
///
/// @param advice words for people; empty if indexes serve all of it
/// @param isGuess whether the database can but guess how many records it will find
public record Unindexed(List<String> advice, boolean isGuess) {
    /// Parts shorter than these are in too many texts for an index.
    private static final int SHORTEST_PART = 3;

    public Unindexed {
        advice = List.copyOf(advice);
    }

    static Unindexed of(RecordQuery query) {
        var parts = new Parts(query.shape().model(), query.joins());
        parts.filter(query.filter());
        SortKey first = query.sort().getFirst();
        if (query.search() == null && !first.column().ordersRecords()) {
            parts.advise(first.column(), Operator.GT, "sort");
        }
        return parts.all();
    }

    static Unindexed of(SummaryQuery query) {
        var parts = new Parts(query.shape().model(), query.joins());
        parts.filter(query.filter());
        return parts.all();
    }

    private static final class Parts {
        private final ModelName model;
        private final List<Join> joins;
        private final Set<String> advice = new LinkedHashSet<>();
        private boolean isGuess;

        private Parts(ModelName model, List<Join> joins) {
            this.model = model;
            this.joins = joins;
        }

        private Unindexed all() {
            return new Unindexed(List.copyOf(advice), isGuess);
        }

        private void filter(Filter filter) {
            switch (filter) {
                case Filter.And(var filters) -> filters.forEach(this::filter);
                case Filter.Or(var filters) -> filters.forEach(this::filter);
                case Filter.Not(var negated) -> filter(negated);
                case Filter.Comparison comparison -> {
                    Column column = comparison.column();
                    Operator operator = comparison.operator();
                    boolean isShort =
                            operator == Operator.CONTAINS
                                    && column.type() instanceof FieldType.Text
                                    && comparison.values().getFirst().length() < SHORTEST_PART;
                    if (!column.indexed().contains(operator) || isShort) {
                        isGuess |=
                                operator.isOfText() || column.type() instanceof FieldType.AnyJson;
                        advise(column, operator, operator.code());
                    }
                }
            }
        }

        private void advise(Column column, Operator operator, String by) {
            String field = "\"%s\" of the model %s".formatted(field(column), model(column.table()));
            if (column.indexed().contains(operator)) {
                advice.add(
                        by.equals("sort")
                                ? "no index gives the records in the order of " + column.name()
                                : "give %s at least %d characters"
                                        .formatted(column.name(), SHORTEST_PART));
            } else if (operator == Operator.NE) {
                advice.add("no index serves ne, as of " + column.name());
            } else if (column.name().contains("@")) {
                advice.add("%s has no index".formatted(column.name()));
            } else if (column.isMember() || column.type() instanceof FieldType.AnyJson) {
                advice.add("declare a field of its own for what is asked of " + column.name());
            } else if (operator == Operator.CONTAINS && column.type() instanceof FieldType.Text) {
                advice.add(
                        column.isLongText()
                                ? "declare \"search\": true on %s, and search for words"
                                        .formatted(field)
                                : "declare \"search\": true on " + field);
            } else {
                advice.add(
                        column.isLongText()
                                ? "declare \"indexed\": true, and so a maxLength of %d, on %s"
                                        .formatted(Column.SORTED_TEXT, field)
                                : "declare \"indexed\": true on " + field);
            }
        }

        private static String field(Column column) {
            return column.name().substring(column.name().lastIndexOf('.') + 1);
        }

        private ModelName model(Name table) {
            return joins.stream()
                    .filter(join -> join.alias().equals(table))
                    .map(join -> join.to().model())
                    .findFirst()
                    .orElse(model);
        }
    }
}
