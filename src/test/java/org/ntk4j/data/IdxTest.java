package org.ntk4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ntk4j.base.Failure;

class IdxTest {

    static byte[] images(int count, int rows, int columns, int bytes) {
        ByteBuffer buffer = ByteBuffer.allocate(16 + bytes).putInt(0x803).putInt(count).putInt(rows).putInt(columns);
        for (int i = 0; i < bytes; i++) {
            buffer.put((byte) i);
        }
        return buffer.array();
    }

    static byte[] labels(int count, int... values) {
        ByteBuffer buffer = ByteBuffer.allocate(8 + values.length).putInt(0x801).putInt(count);
        for (int value : values) {
            buffer.put((byte) value);
        }
        return buffer.array();
    }

    static byte[] gzip(byte[] content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(content);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return bytes.toByteArray();
    }

    private static void fails(ThrowingCallable reading, String... parts) {
        assertThatThrownBy(reading).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.status()).isEqualTo(Failure.INPUT);
            assertThat(failure.getMessage()).startsWith("x: ").contains(parts);
        });
    }

    @Test
    void reads_images_and_labels_with_and_without_gzip() {
        byte[] images = images(2, 3, 4, 24);
        for (byte[] content : new byte[][] {images, gzip(images)}) {
            Idx.Images read = Idx.images(content, "x");
            assertThat(read.count()).isEqualTo(2);
            assertThat(read.rows()).isEqualTo(3);
            assertThat(read.columns()).isEqualTo(4);
            assertThat(read.pixels()).isEqualTo(Arrays.copyOfRange(images, 16, 40));
        }
        assertThat(Idx.labels(labels(3, 0, 9, 5), "x", 10)).containsExactly(0, 9, 5);
        assertThat(Idx.labels(gzip(labels(3, 0, 9, 5)), "x", 10)).containsExactly(0, 9, 5);
    }

    @Test
    void reads_what_it_writes(@TempDir Path folder) throws IOException {
        Idx.Images images = Idx.images(images(3, 2, 2, 12), "x").select(new int[] {2, 0});
        Idx.write(images, folder.resolve("i"));
        Idx.write(new int[] {7, 1}, folder.resolve("l"));
        assertThat(Idx.images(folder.resolve("i")).pixels()).containsExactly(8, 9, 10, 11, 0, 1, 2, 3);
        assertThat(Idx.labels(folder.resolve("l"), 10)).containsExactly(7, 1);
    }

    @Test
    void names_what_is_wrong() {
        fails(() -> Idx.images(labels(1, 1), "x"), "not an IDX file of images", "00000801", "a file of labels");
        fails(() -> Idx.labels(images(1, 1, 1, 1), "x", 10), "not an IDX file of labels", "a file of images");
        fails(() -> Idx.images("not at all".getBytes(), "x"), "begins with 6e6f7420", "00000803");
        fails(() -> Idx.images(images(2, 3, 4, 23), "x"), "truncated", "23 of 24");
        fails(() -> Idx.images(images(2, 3, 4, 25), "x"), "more bytes follow");
        fails(() -> Idx.images(new byte[] {0, 0, 8}, "x"), "truncated");
        fails(() -> Idx.images(new byte[0], "x"), "truncated");
        fails(() -> Idx.labels(labels(3, 1, 2), "x", 10), "truncated", "2 of 3");
        fails(() -> Idx.labels(labels(3, 1, 2, 10), "x", 10), "index 2 is 10", "0 to 9");
        fails(() -> Idx.labels(labels(2, 1, 200), "x", 10), "index 1 is 200");
        fails(() -> Idx.labels(labels(0), "x", 10), "0 labels");
    }

    @Test
    void does_not_believe_a_lying_header() {
        fails(() -> Idx.images(images(-1, 28, 28, 5), "x"), "4294967295 images");
        fails(() -> Idx.images(images(1, 0, 28, 5), "x"), "0 rows");
        fails(() -> Idx.images(images(1, 28, 1 << 20, 5), "x"), "columns");
        fails(() -> Idx.images(images(200_000_000, 1024, 1024, 5), "x"), "at most");
        fails(() -> Idx.images(images(256, 1024, 1024, 5), "x"), "truncated", "5 of 268435456");
        fails(() -> Idx.labels(labels(Integer.MAX_VALUE, 5), "x", 10), "2147483647 labels");
    }

    @Test
    void notices_damaged_gzip_data() {
        byte[] good = gzip(images(2, 3, 4, 24));
        fails(() -> Idx.images(Arrays.copyOf(good, good.length - 5), "x"), "truncated");
        for (int more : new int[] {1, 8, 18, 40}) {
            fails(() -> Idx.images(Arrays.copyOf(good, good.length + more), "x"), "more bytes follow");
        }
        byte[] flipped = good.clone();
        flipped[flipped.length - 6] ^= 1;
        fails(() -> Idx.images(flipped, "x"), "gzip");
    }

    @Test
    void names_a_file_that_is_not_there(@TempDir Path folder) {
        assertThatThrownBy(() -> Idx.images(folder.resolve("none"))).isInstanceOf(Failure.class).hasMessageContaining("no such file");
        assertThatThrownBy(() -> Idx.images(folder)).isInstanceOf(Failure.class);
    }

    /** Whatever the bytes: a value that fits its own header, or a Failure. */
    @Test
    void fuzz() {
        Random random = new Random(1);
        byte[][] seeds = {images(5, 4, 3, 60), labels(6, 0, 1, 2, 3, 4, 9), gzip(images(5, 4, 3, 60)), gzip(labels(6, 0, 1, 2, 3, 4, 9))};
        int read = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] content = mutated(seeds[round % seeds.length], random);
            try {
                if (round % 2 == 0) {
                    Idx.Images images = Idx.images(content, "x");
                    assertThat(images.pixels().length).isEqualTo(images.count() * images.rows() * images.columns());
                } else {
                    assertThat(Arrays.stream(Idx.labels(content, "x", 10)).allMatch(label -> label >= 0 && label < 10)).isTrue();
                }
                read++;
            } catch (Failure failure) {
                assertThat(failure.getMessage()).startsWith("x: ");
                assertThat(failure.status()).isEqualTo(Failure.INPUT);
            }
        }
        assertThat(read).isBetween(1000, 15_000);
    }

    private static byte[] mutated(byte[] seed, Random random) {
        byte[] content = seed.clone();
        for (int i = random.nextInt(3); i > 0; i--) {
            content[random.nextInt(content.length)] = (byte) random.nextInt(256);
        }
        return random.nextInt(3) > 0 ? content : Arrays.copyOf(content, random.nextInt(content.length + 8));
    }
}
