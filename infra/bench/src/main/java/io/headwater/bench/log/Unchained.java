package io.headwater.bench.log;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/// A log as it would be without its hash chain: takes the chain out of each statement that appends.
/// The digests still are made and sent; see [Chaining#digestMicros].
final class Unchained {
    private static final Pattern HASH =
            Pattern.compile(
                    ", hash\\)|,\\s*log\\.chain\\(.*?\\) OVER \\(ROWS UNBOUNDED PRECEDING\\)|, log\\.hash_before\\(.*?\\) AS hash");

    private Unchained() {}

    static DataSource over(DataSource database) {
        return wrap(
                DataSource.class,
                database,
                (method, result) ->
                        method.equals("getConnection") ? connection((Connection) result) : result,
                sql -> sql);
    }

    private static Connection connection(Connection connection) {
        return wrap(Connection.class, connection, (method, result) -> result, Unchained::without);
    }

    private static String without(String sql) {
        if (!sql.contains("INSERT INTO log.event ")) {
            return sql;
        }
        Matcher hash = HASH.matcher(sql);
        String unchained = hash.replaceAll(part -> part.group().equals(", hash)") ? ")" : "");
        if (unchained.contains("hash")) {
            throw new IllegalStateException("This statement is chained otherwise: " + sql);
        }
        return unchained;
    }

    private interface Result {
        Object of(String method, Object result);
    }

    private interface Text {
        String of(String sql);
    }

    private static <T> T wrap(Class<T> type, T wrapped, Result result, Text text) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (proxy, method, arguments) -> {
                            if (method.getName().equals("prepareStatement")) {
                                arguments[0] = text.of((String) arguments[0]);
                            }
                            try {
                                return result.of(
                                        method.getName(), method.invoke(wrapped, arguments));
                            } catch (InvocationTargetException thrown) {
                                throw thrown.getCause();
                            }
                        }));
    }
}
