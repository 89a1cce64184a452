package org.ntk4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Settings;
import org.ntk4j.files.Download;
import org.ntk4j.files.RemoteFile;

class IdxFilesTest {

    private static final String TRAIN_IMAGES = IdxFiles.NAMES.get(0);
    private static final String TRAIN_LABELS = IdxFiles.NAMES.get(1);

    @TempDir
    private Path data;

    /** MNIST without a mirror. */
    private static Dataset offline() {
        List<RemoteFile> files = IdxFiles.NAMES.stream().map(name -> new RemoteFile(name + ".gz", 10, "")).toList();
        Download nowhere = new Download(List.of(), Duration.ofSeconds(1), Duration.ofSeconds(1));
        return new Dataset(Mnist.of(new IdxFiles("mnist", files, nowhere, true, "MNIST/raw")), Drawing.USUAL);
    }

    private Sample load(Dataset dataset) {
        return dataset.load(Settings.ofProcess().withData(data), Monitor.silent());
    }

    private void write(Path folder, boolean compressed, int labels) throws IOException {
        Files.createDirectories(folder);
        int[] digits = new int[labels];
        for (int i = 0; i < labels; i++) {
            digits[i] = i % 10;
        }
        for (int first = 0; first < 4; first += 2) {
            byte[] images = IdxTest.images(30, 28, 28, 30 * 784);
            byte[] classes = IdxTest.labels(labels, digits);
            String end = compressed ? ".gz" : "";
            Files.write(folder.resolve(IdxFiles.NAMES.get(first) + end), compressed ? IdxTest.gzip(images) : images);
            Files.write(folder.resolve(IdxFiles.NAMES.get(first + 1) + end), compressed ? IdxTest.gzip(classes) : classes);
        }
    }

    @Test
    void finds_the_files_in_their_folder_or_directly_compressed_or_not() throws IOException {
        write(data.resolve("mnist"), true, 30);
        assertThat(load(offline().train(20).test(10)).train().count()).isEqualTo(20);
        data = Files.createTempDirectory(data, "bare");
        write(data, false, 30);
        assertThat(load(offline().train(20).test(10)).test().labels()).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(Mnist.source().present(data)).isTrue();
    }

    @Test
    void finds_files_as_others_name_and_keep_them() throws IOException {
        write(data.resolve("MNIST/raw"), true, 30);
        assertThat(load(offline().train(20).test(10)).train().count()).isEqualTo(20);
        data = data.resolve("MNIST");
        assertThat(load(offline().train(20).test(10)).train().count()).as("the outer of their folders").isEqualTo(20);
        Path outer = Files.createTempDirectory(data, "outer");
        Path raw = data;
        write(outer.resolve("MNIST"), true, 30);
        data = outer;
        assertThat(load(offline().train(20).test(10)).train().count()).as("without the inner one").isEqualTo(20);
        data = raw.resolve("raw");
        assertThat(load(offline().train(20).test(10)).train().count()).as("the inner one").isEqualTo(20);
        for (String name : IdxFiles.NAMES) {
            Files.move(data.resolve(name + ".gz"), data.resolve(name.replace("-idx", ".idx") + ".gz"));
        }
        assertThat(load(offline().train(20).test(10)).train().count()).as("with a point before idx").isEqualTo(20);
    }

    @Test
    void says_of_a_web_page_that_it_is_one_and_nothing_else() throws IOException {
        write(data, true, 30);
        Files.writeString(data.resolve(TRAIN_IMAGES + ".gz"), "<!DOCTYPE html><html><body>404</body></html>");
        List<String> notes = new ArrayList<>();
        assertThatThrownBy(() -> offline().load(Settings.ofProcess().withData(data), Monitor.quiet(() -> false, notes::add)))
                .isInstanceOf(Failure.class).hasMessageContaining(TRAIN_IMAGES + ".gz: this is a web page (HTML)");
        assertThat(notes).isEmpty();
    }

    @Test
    void says_how_many_there_are() throws IOException {
        write(data, false, 30);
        assertThatThrownBy(() -> load(offline().train(31).test(10))).isInstanceOf(Failure.class)
                .hasMessage("31 training examples of mnist were asked for; there are 30");
    }

    @Test
    void names_files_that_do_not_fit() throws IOException {
        write(data, false, 29);
        assertThatThrownBy(() -> load(offline())).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.status()).isEqualTo(Failure.INPUT);
            assertThat(failure.getMessage()).contains(data.resolve(TRAIN_LABELS) + ": 29 labels do not match the 30 images in "
                    + data.resolve(TRAIN_IMAGES));
        });
        Files.write(data.resolve(TRAIN_IMAGES), IdxTest.images(29, 20, 20, 29 * 400));
        assertThatThrownBy(() -> load(offline())).isInstanceOf(Failure.class).hasMessageContaining("20×20×1; needed: 28×28×1");
        Files.write(data.resolve(TRAIN_IMAGES), new byte[] {1, 2, 3, 4, 5});
        assertThatThrownBy(() -> load(offline())).isInstanceOf(Failure.class)
                .hasMessageContaining(TRAIN_IMAGES + ": not an IDX file of images");
    }

    @Test
    void says_which_files_to_put_where_when_there_is_no_network() throws IOException {
        write(data, false, 30);
        Files.delete(data.resolve(TRAIN_LABELS));
        assertThatThrownBy(() -> load(offline())).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.status()).isEqualTo(Failure.RUN);
            assertThat(failure.lines()).singleElement().asString()
                    .contains("Put " + TRAIN_LABELS + " (or", data.resolve("mnist").toString(), "mnist-sample, which works offline");
        });
    }

    @Test
    void says_where_it_cannot_write() throws IOException {
        data = Files.write(data.resolve("a-file"), new byte[1]);
        assertThatThrownBy(() -> load(offline())).isInstanceOf(Failure.class).hasMessageContaining("a-file")
                .hasMessageContaining("cannot be written");
    }

    @Test
    void get_knows_what_is_there_and_what_is_not() throws IOException {
        write(data.resolve("mnist"), true, 30);
        Settings settings = Settings.ofProcess().withData(data);
        Catalogue.get("mnist", settings, Monitor.silent());
        Catalogue.get("mnist-sample", settings, Monitor.silent());
        assertThat(Catalogue.list(data)).extracting(Catalogue.Line::state).startsWith("ready", "ready");
        assertThatThrownBy(() -> Catalogue.get("mist", settings, Monitor.silent())).isInstanceOf(Failure.class)
                .hasMessageContaining("did you mean 'mnist'?");
        assertThatThrownBy(() -> Catalogue.get("images", settings, Monitor.silent())).isInstanceOf(Failure.class)
                .hasMessageContaining("a folder of your own");
    }
}
