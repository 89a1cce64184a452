package org.ntk4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Settings;
import org.ntk4j.files.Download;
import org.ntk4j.files.RemoteFile;

class Cifar10Test {

    private static final int RECORD = 3073;
    private static final int IMAGES = 100;

    @TempDir
    private Path data;

    private static Cifar10 offline() {
        return new Cifar10(new RemoteFile("cifar-10-binary.tar.gz", 10, ""),
                new Download(List.of(), Duration.ofSeconds(1), Duration.ofSeconds(1)), IMAGES);
    }

    /** Images whose labels count through, red 1, green 2, blue 3, and the place of each image in its first pixel. */
    private static byte[] batch(int number) {
        byte[] bytes = new byte[IMAGES * RECORD];
        for (int i = 0; i < IMAGES; i++) {
            int at = i * RECORD;
            bytes[at] = (byte) (i % 10);
            for (int c = 0; c < 3; c++) {
                Arrays.fill(bytes, at + 1 + c * 1024, at + 1 + (c + 1) * 1024, (byte) (c + 1));
            }
            bytes[at + 1] = (byte) number;
        }
        return bytes;
    }

    private Pool load() {
        return offline().load(Settings.ofProcess().withData(data), Monitor.silent());
    }

    private static String name(int number) {
        return number == 6 ? "test_batch.bin" : "data_batch_" + number + ".bin";
    }

    @Test
    void reads_folder_and_archive_alike() throws IOException {
        Path folder = Files.createDirectories(data.resolve("cifar10/cifar-10-batches-bin"));
        for (int i = 1; i <= 6; i++) {
            Files.write(folder.resolve(name(i)), batch(i));
        }
        check(load());
        assertThat(new Cifar10().counts(Part.TRAIN)).containsOnly(5000).hasSize(10);
        assertThat(new Cifar10().counts(Part.TEST)).containsOnly(1000);
        byte[] bad = batch(3);
        bad[7 * RECORD] = 10;
        Files.write(folder.resolve(name(3)), bad);
        assertThatThrownBy(this::load).isInstanceOf(Failure.class)
                .hasMessageContaining("data_batch_3.bin: the label of image 7 is 10; allowed: 0 to 9");
        Files.write(folder.resolve(name(2)), new byte[5]);
        assertThatThrownBy(this::load).isInstanceOf(Failure.class).hasMessageContaining("data_batch_2.bin: 5 bytes are not 100 images");

        Files.delete(folder.resolve(name(2)));
        Path archive = data.resolve("cifar10/cifar-10-binary.tar.gz");
        Files.write(archive, archive(6));
        check(load());
        Files.write(archive, archive(5));
        assertThatThrownBy(this::load).isInstanceOf(Failure.class).hasMessageContaining("there is no test_batch.bin in it");
        Files.write(archive, Arrays.copyOf(archive(1), 150));
        assertThatThrownBy(this::load).isInstanceOf(Failure.class).hasMessageContaining("cannot be read");
        Files.delete(archive);
        assertThatThrownBy(this::load).isInstanceOf(Failure.class).hasMessageContaining("cannot be downloaded")
                .hasMessageContaining("cifar-10-binary.tar.gz");
    }

    @Test
    void tells_images_that_are_not_the_published_ones() throws IOException {
        Path folder = Files.createDirectories(data.resolve("cifar10/cifar-10-batches-bin"));
        for (int i = 1; i <= 6; i++) {
            Files.write(folder.resolve(name(i)), batch(i));
        }
        PublishedMeans published = new PublishedMeans("cifar10", 50, 1 / 255.0, 2 / 255.0, 3 / 255.0);
        Examples train = load().train();
        assertThat(published.difference(train, 10, 3072)).isEmpty();
        assertThat(new PublishedMeans("cifar10", 60, 0.4914, 2 / 255.0, 3 / 255.0).difference(train, 10, 3072).orElseThrow())
                .contains("its classes have 50 to 50 training images, not 60 each", "the mean of channel 0 is 0.0039, not 0.4914");
    }

    private static void check(Pool pool) {
        assertThat(pool.train().count()).isEqualTo(500);
        assertThat(pool.test().count()).isEqualTo(100);
        assertThat(pool.train().labels()[236]).isEqualTo(6);
        double[] image = new double[3072];
        pool.train().copy(236, image, 0);
        assertThat(Arrays.copyOf(image, 6)).as("channels last")
                .containsExactly(3 / 255.0, 2 / 255.0, 3 / 255.0, 1 / 255.0, 2 / 255.0, 3 / 255.0);
    }

    private static byte[] archive(int files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            entry(out, "cifar-10-batches-bin/", '5', new byte[0]);
            for (int i = 1; i <= files; i++) {
                entry(out, "cifar-10-batches-bin/" + name(i), '0', batch(i));
            }
            out.write(new byte[1024]);
        }
        return bytes.toByteArray();
    }

    private static void entry(OutputStream out, String name, char type, byte[] content) throws IOException {
        byte[] header = new byte[512];
        System.arraycopy(name.getBytes(StandardCharsets.US_ASCII), 0, header, 0, name.length());
        byte[] size = String.format("%011o", content.length).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(size, 0, header, 124, size.length);
        header[156] = (byte) type;
        out.write(header);
        out.write(content);
        out.write(new byte[(512 - content.length % 512) % 512]);
    }
}
