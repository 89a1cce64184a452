package org.ntk4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ntk4j.base.Failure;

class ImageFolderTest {

    @TempDir
    private Path folder;

    private File image(String name, String format, int type, int width, int height, int rgb) throws IOException {
        BufferedImage image = new BufferedImage(width, height, type);
        for (int x = 0; x < width; x++) {
            for (int y = 0; y < height; y++) {
                if (type == BufferedImage.TYPE_BYTE_GRAY) {
                    image.getRaster().setSample(x, y, 0, rgb & 0xff);
                } else {
                    image.setRGB(x, y, rgb);
                }
            }
        }
        File file = folder.resolve(name).toFile();
        file.getParentFile().mkdirs();
        assertThat(ImageIO.write(image, format, file)).isTrue();
        return file;
    }

    @Test
    void reads_png_and_jpeg_by_class() throws IOException {
        image("red/a.png", "png", BufferedImage.TYPE_INT_RGB, 5, 4, 0xff8000);
        image("red/b.jpg", "jpg", BufferedImage.TYPE_INT_RGB, 5, 4, 0xff0000);
        image("grey/c.png", "png", BufferedImage.TYPE_BYTE_GRAY, 5, 4, 0x66);
        Files.writeString(folder.resolve("grey/.hidden"), "no image");
        Dataset data = Dataset.images(folder).channels(3).normalize("none").train(2).test(1);
        assertThat(data.shape().toString()).isEqualTo("4×5×3");
        assertThat(data.classNames()).containsExactly("grey", "red");
        Examples all = new ImageFolderReader(data, folder).examples();
        double[] pixels = new double[60];
        all.copy(0, pixels, 0);
        assertThat(pixels).as("grey as stored, three times").containsOnly(0x66 / 255.0);
        all.copy(1, pixels, 0);
        assertThat(Arrays.copyOf(pixels, 3)).containsExactly(1, 128 / 255.0, 0);
        all.copy(2, pixels, 0);
        assertThat(pixels[0]).isGreaterThan(0.95);
        assertThat(pixels[1]).isLessThan(0.05);
        assertThat(Dataset.images(folder).shape().channels()).as("the first image is grey").isEqualTo(1);
        assertThat(Dataset.images(folder).train(2).test(1).load().train().count()).isEqualTo(2);
    }

    /** The source behind a data set of images. */
    private record ImageFolderReader(Dataset data, Path folder) {

        Examples examples() {
            Source source = ImageFolder.read(org.ntk4j.grammar.Options.of(
                    org.ntk4j.grammar.Entry.of(java.util.Map.of("folder", folder.toString(), "channels", 3),
                    org.ntk4j.grammar.Place.of("test")), "", new org.ntk4j.grammar.Mistakes())).orElseThrow();
            assertThat(source.classNames()).isEqualTo(data.classNames());
            return source.load(org.ntk4j.base.Settings.ofProcess(), org.ntk4j.base.Monitor.silent()).train();
        }
    }

    @Test
    void names_every_file_that_is_no_image_or_of_another_size() throws IOException {
        image("a/1.png", "png", BufferedImage.TYPE_INT_RGB, 4, 4, 0);
        image("a/2.png", "png", BufferedImage.TYPE_INT_RGB, 4, 5, 0);
        Files.writeString(folder.resolve("a/3.txt"), "no image");
        image("b/4.png", "png", BufferedImage.TYPE_INT_RGB, 4, 4, 0);
        byte[] whole = Files.readAllBytes(folder.resolve("b/4.png"));
        Files.write(folder.resolve("b/5.png"), Arrays.copyOf(whole, whole.length / 2));
        assertThatThrownBy(() -> Dataset.images(folder).train(2).test(1).load()).isInstanceOfSatisfying(Failure.class, f -> {
            assertThat(f.status()).isEqualTo(Failure.INPUT);
            assertThat(f.lines()).hasSize(3);
            assertThat(f.lines().get(0)).endsWith("2.png: the image is 5×4 (height × width); the first one is 4×4");
            assertThat(f.lines().get(1)).endsWith("3.txt: this is no image; PNG and JPEG are read");
            assertThat(f.lines().get(2)).contains("5.png: the image cannot be read");
        });
    }

    @Test
    void needs_two_classes_with_images() throws IOException {
        assertThatThrownBy(() -> Dataset.images(folder).shape()).isInstanceOf(Failure.class)
                .hasMessageContaining("one sub-folder for each class");
        Files.createDirectories(folder.resolve("a"));
        image("b/4.png", "png", BufferedImage.TYPE_INT_RGB, 4, 4, 0);
        assertThatThrownBy(() -> Dataset.images(folder).shape()).isInstanceOf(Failure.class)
                .hasMessageContaining("a: there are no images in this folder");
        assertThatThrownBy(() -> Dataset.images(folder.resolve("b/4.png")).shape()).isInstanceOf(Failure.class)
                .hasMessageContaining("a file, not a folder");
    }

    @Test
    void survives_damaged_images() throws IOException {
        Random random = new Random(3);
        image("a/1.png", "png", BufferedImage.TYPE_INT_RGB, 6, 6, 0x123456);
        for (String format : new String[] {"png", "jpg"}) {
            byte[] whole = Files.readAllBytes(image("b/x." + format, format, BufferedImage.TYPE_INT_RGB, 6, 6, 0x654321).toPath());
            for (int i = 0; i < 150; i++) {
                byte[] damaged = Arrays.copyOf(whole, random.nextInt(4) == 0 ? random.nextInt(whole.length) : whole.length);
                for (int j = random.nextInt(4); j > 0 && damaged.length > 0; j--) {
                    damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
                }
                Files.write(folder.resolve("b/x." + format), damaged);
                try {
                    Dataset.images(folder).train(1).test(1).load();
                } catch (Failure f) {
                    assertThat(f.status()).isEqualTo(Failure.INPUT);
                    assertThat(f.getMessage()).contains("x." + format);
                }
            }
            Files.delete(folder.resolve("b/x." + format));
        }
    }
}
