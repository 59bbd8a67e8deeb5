package dev.transvase.postgresql.writer;

import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.util.List;
import java.util.stream.Stream;

/** A database on the oldest server and one on the newest, for all tests of a class. */
final class TestingServers implements AutoCloseable {

    private final List<TestingDatabase> databases = Stream.of(TestingPostgres.oldest(), TestingPostgres.newest())
            .map(TestingPostgres::createDatabase)
            .toList();

    TestingDatabase oldest() {
        return databases.get(0);
    }

    TestingDatabase newest() {
        return databases.get(1);
    }

    @Override
    public void close() {
        databases.forEach(TestingDatabase::close);
    }
}
