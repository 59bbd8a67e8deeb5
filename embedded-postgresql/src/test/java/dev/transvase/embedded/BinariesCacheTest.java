package dev.transvase.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class BinariesCacheTest {
    @TempDir
    Path folder;

    @Test
    void unpacksOneContentOnceAndAnotherContentBeside() throws IOException {
        BinariesCache cache = new BinariesCache(folder.resolve("cache"));
        Path archive = emptyArchive(1);

        Path first = cache.unpacked(archive);
        Files.createFile(first.resolve("mark"));

        assertThat(cache.unpacked(archive)).isEqualTo(first);
        assertThat(first.resolve("mark")).exists();
        assertThat(cache.unpacked(emptyArchive(2))).isNotEqualTo(first).isDirectory();
    }

    @Test
    void leavesNothingBehindWhenTheArchiveIsBroken() throws IOException {
        Path archive = Files.writeString(folder.resolve("18.txz"), "not an archive");
        Path cacheFolder = folder.resolve("cache");

        assertThatThrownBy(() -> new BinariesCache(cacheFolder).unpacked(archive))
                .isInstanceOf(IOException.class);

        assertThat(cacheFolder).isEmptyDirectory();
    }

    @Test
    void severalUsersOfOneFolderGetTheSameUnpackedCopy() throws Exception {
        Path archive = emptyArchive(3);
        Path cacheFolder = folder.resolve("cache");
        CountDownLatch start = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            Callable<Path> unpack = () -> {
                start.await();
                return new BinariesCache(cacheFolder).unpacked(archive);
            };
            List<Future<Path>> copies =
                    Stream.generate(() -> threads.submit(unpack)).limit(4).toList();
            start.countDown();
            Path first = copies.get(0).get();
            for (Future<Path> copy : copies) {
                assertThat(copy.get()).isEqualTo(first);
            }
        } finally {
            threads.shutdownNow();
        }
        try (Stream<Path> left = Files.list(cacheFolder)) {
            assertThat(left).hasSize(1);
        }
    }

    @Test
    void deletesWhatAKilledJvmLeftButNotWhatIsBeingUnpacked() throws IOException {
        Path cacheFolder = Files.createDirectory(folder.resolve("cache"));
        Path abandoned = Files.createDirectory(cacheFolder.resolve("part-old"));
        Path recent = Files.createDirectory(cacheFolder.resolve("part-new"));
        Files.setLastModifiedTime(abandoned, FileTime.from(Instant.now().minus(Duration.ofDays(1))));

        new BinariesCache(cacheFolder).unpacked(emptyArchive(1));

        assertThat(abandoned).doesNotExist();
        assertThat(recent).exists();
    }

    /** Archives of different padding differ in their content. */
    private Path emptyArchive(int blocks) throws IOException {
        Path archive = folder.resolve("18.txz");
        try (OutputStream out = new XZOutputStream(Files.newOutputStream(archive), new LZMA2Options(0))) {
            out.write(new byte[1024 * blocks]);
        }
        return archive;
    }
}
