package io.headwater.eventstore;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.LongFunction;

/// Walks over the events of one page after the other. Belongs to one thread.
final class PagedEvents implements Iterator<StoredEvent> {

    private final LongFunction<Page> readAfter;
    private Page page;
    private int next;

    PagedEvents(LongFunction<Page> readAfter, long after) {
        this.readAfter = readAfter;
        this.page = readAfter.apply(after);
    }

    @Override
    public boolean hasNext() {
        while (next == page.events().size() && !page.complete()) {
            page = readAfter.apply(page.upTo());
            next = 0;
        }
        return next < page.events().size();
    }

    @Override
    public StoredEvent next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return page.events().get(next++);
    }
}
