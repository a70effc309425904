package io.headwater.bench.changes;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// Listeners, held by one thread. Some take all that comes at once, some take a sip a second, some
/// take nothing until they are woken. Whoever is closed comes back with `Last-Event-ID`.
final class Crowd implements AutoCloseable {
    /// How a listener reads.
    enum Thirst {
        ALL,
        SIPS,
        NONE
    }

    private static final int SIP = 4_096;
    private static final int BUFFER = 64 * 1024;

    private final class Member {
        final Thirst thirst;
        final String query;
        final EventReader reader;
        int closed;
        SocketChannel channel = SocketChannel.open();

        Member(Thirst thirst, String query) throws IOException {
            this.thirst = thirst;
            this.query = query;
            this.reader = new EventReader(thirst == Thirst.ALL ? latencies : nothing -> {});
        }
    }

    private final URI service;
    private final String token;
    private final LongConsumer latencies;
    private final Selector selector = Selector.open();
    private final List<Member> members = new ArrayList<>();
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private final Thread thread =
            Thread.ofPlatform().daemon().name("listeners").unstarted(this::run);
    private volatile boolean awake;
    private volatile boolean ended;

    /// @param latencies of listeners that take all
    Crowd(URI service, String token, LongConsumer latencies) throws IOException {
        this.service = service;
        this.token = token;
        this.latencies = latencies;
    }

    /// Adds listeners; before the start.
    void add(int count, Thirst thirst, String query) throws IOException {
        for (int i = 0; i < count; i++) {
            Member member = new Member(thirst, query);
            connect(member);
            members.add(member);
        }
    }

    void start() {
        thread.start();
    }

    /// From now on all take all.
    void wake() {
        awake = true;
        selector.wakeup();
    }

    private void connect(Member member) throws IOException {
        member.channel.close();
        SocketChannel channel = SocketChannel.open();
        if (member.thirst != Thirst.ALL) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, SIP);
        }
        channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), service.getPort()));
        String id = member.reader.lastId();
        // Of HTTP/1.0, so that the stream comes as it is, not in chunks.
        channel.write(
                ByteBuffer.wrap(
                        "GET /changes?%s HTTP/1.0\r\nHost: %s\r\nAuthorization: Bearer %s\r\n%s\r\n"
                                .formatted(
                                        member.query,
                                        service.getAuthority(),
                                        token,
                                        id.isEmpty() ? "" : "Last-Event-ID: " + id + "\r\n")
                                .getBytes(StandardCharsets.US_ASCII)));
        channel.configureBlocking(false);
        member.channel = channel;
        member.reader.begin();
        channel.register(selector, SelectionKey.OP_READ, member);
    }

    private void run() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
        long sip = System.nanoTime();
        try {
            while (!ended) {
                selector.select(100);
                for (SelectionKey key : selector.selectedKeys()) {
                    take((Member) key.attachment(), key, buffer);
                }
                selector.selectedKeys().clear();
                if (awake || System.nanoTime() - sip > 1_000_000_000L) {
                    sip = System.nanoTime();
                    selector.keys().stream()
                            .filter(SelectionKey::isValid)
                            .filter(key ->
                                    awake || ((Member) key.attachment()).thirst != Thirst.NONE)
                            .forEach(key -> key.interestOps(SelectionKey.OP_READ));
                }
            }
        } catch (IOException | RuntimeException broken) {
            failure.compareAndSet(null, broken);
        }
    }

    private void take(Member member, SelectionKey key, ByteBuffer buffer) throws IOException {
        boolean all = awake || member.thirst == Thirst.ALL || !member.reader.isListening();
        buffer.clear().limit(all ? BUFFER : SIP);
        int read;
        try {
            read = member.channel.read(buffer);
        } catch (IOException reset) {
            read = -1;
        }
        if (read < 0) {
            member.closed++;
            key.cancel();
            connect(member);
            return;
        }
        member.reader.read(buffer.flip());
        if (!all) {
            key.interestOps(0);
        }
    }

    /// @throws Exception what the thread of the listeners met
    void check() throws Exception {
        Exception met = failure.get();
        if (met != null) {
            throw met;
        }
    }

    boolean isListening() {
        return members.stream().allMatch(member -> member.reader.isListening());
    }

    /// How many have all of that.
    long complete(long events, long sum, String query) {
        return members.stream()
                .filter(member -> member.query.equals(query))
                .filter(member -> member.reader.received() == events && member.reader.sum() == sum)
                .count();
    }

    /// How many were told that they are behind.
    long told(Thirst thirst) {
        return members.stream()
                .filter(member -> member.thirst == thirst && member.reader.behind() > 0)
                .count();
    }

    /// How many were closed and came back.
    long closed(Thirst thirst) {
        return members.stream()
                .filter(member -> member.thirst == thirst && member.closed > 0)
                .count();
    }

    @Override
    public void close() throws IOException {
        ended = true;
        selector.wakeup();
        try {
            thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        for (Member member : members) {
            member.channel.close();
        }
        selector.close();
    }
}
