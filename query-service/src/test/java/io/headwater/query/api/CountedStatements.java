package io.headwater.query.api;

import com.zaxxer.hikari.HikariDataSource;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.springframework.beans.factory.config.BeanPostProcessor;

/// Sees every statement that goes to the database by the pool of queries.
public final class CountedStatements implements BeanPostProcessor {
    private final List<String> statements = new CopyOnWriteArrayList<>();

    /// The statements on tables of records while something is done, and nothing else is asked.
    public List<String> during(Runnable what) {
        statements.clear();
        what.run();
        return statements.stream()
                .filter(sql -> sql.contains("record_") || sql.contains("read.model"))
                .toList();
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        if (name.equals("queryDataSource") && bean instanceof HikariDataSource pool) {
            var same = new HikariDataSource();
            pool.copyStateTo(same);
            same.setDataSource(watched(DataSource.class, pool.getDataSource()));
            pool.close();
            return same;
        }
        return bean;
    }

    private <T> T watched(Class<T> type, Object real) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (_, method, arguments) -> {
                            if (method.getName().equals("prepareStatement")) {
                                statements.add((String) arguments[0]);
                            }
                            try {
                                Object result = method.invoke(real, arguments);
                                return result instanceof Connection connection
                                        ? watched(Connection.class, connection)
                                        : result;
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        }));
    }
}
