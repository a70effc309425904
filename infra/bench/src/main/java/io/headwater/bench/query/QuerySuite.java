package io.headwater.bench.query;

import io.headwater.bench.load.Platform;
import io.headwater.bench.measure.PostgresFacts;
import io.headwater.bench.measure.Row;
import io.headwater.bench.measure.Session;
import io.headwater.bench.measure.Suite;
import java.util.List;

/// Pages, summaries and exports of a list of a million records with five million revisions.
public final class QuerySuite implements Suite {
    @Override
    public List<Row> rows() {
        return List.of(
                ListPages.LIST, ListPages.AS_OF, ListPages.EXPAND, Summaries.ROW, WholeExport.ROW);
    }

    @Override
    public void run(Session session) throws Exception {
        session.say("starting the platform");
        try (Platform platform = Platform.start()) {
            session.fact("postgresql", PostgresFacts.of(platform.local().cluster()));
            var pages = new ListPages(platform, session.plan());
            session.say("filling the tables");
            pages.fill();
            session.measure(ListPages.LIST, pages::list);
            session.measure(ListPages.AS_OF, pages::asOf);
            session.measure(ListPages.EXPAND, pages::expand);
            session.measure(Summaries.ROW, new Summaries(platform, session.plan())::measure);
            session.measure(WholeExport.ROW, new WholeExport(platform, session.plan())::measure);
        }
    }
}
