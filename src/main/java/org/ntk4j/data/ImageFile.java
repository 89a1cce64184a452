package org.ntk4j.data;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.ntk4j.shape.Shape;

/** PNG and JPEG files as bytes. */
final class ImageFile {

    /** Brightness of a colour (ITU-R BT.601, as JPEG has it). */
    private static final double RED = 0.299;
    private static final double GREEN = 0.587;
    private static final double BLUE = 0.114;
    /**
     * Where the head of a PNG (its chunk IHDR) has the type of its colours, and the bit of those that are more than grey (also by a
     * palette).
     */
    private static final int PNG_COLOURS = 25;
    private static final int PNG_COLOURED = 3;
    private static final int MOST_PIXELS = 1 << 26;

    private ImageFile() {
    }

    /** Height, width, and 1 channel for an image in grey, else 3; from the file's head. Empty if it is no image. */
    static Optional<Shape> shape(Path file) {
        try {
            boolean grey = isGreyPng(file);
            return with(file, (reader, in) -> Shape.of(reader.getHeight(0), reader.getWidth(0),
                    grey || reader.getRawImageType(0) != null && reader.getRawImageType(0).getNumBands() <= 2 && !indexed(reader)
                            ? 1 : COLOURS));
        } catch (IOException | RuntimeException e) {
            // The decoders of the Java runtime throw anything where a file is damaged.
            return Optional.empty();
        }
    }

    private static final int COLOURS = 3;

    /** Grey of 1, 2 or 4 bits comes from the decoder as a table of colours; the file's own head says what it is. */
    private static boolean isGreyPng(Path file) throws IOException {
        byte[] head = head(file, PNG_COLOURS + 1);
        return isPng(head) && head.length > PNG_COLOURS && (head[PNG_COLOURS] & PNG_COLOURED) == 0;
    }

    private static byte[] head(Path file, int length) throws IOException {
        try (java.io.InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(length);
        }
    }

    private static boolean isPng(byte[] head) {
        return head.length >= 4 && (head[0] & 0xff) == 0x89 && head[1] == 'P' && head[2] == 'N' && head[3] == 'G';
    }

    private static boolean isJpeg(byte[] head) {
        return head.length >= 4 && (head[0] & 0xff) == 0xff && (head[1] & 0xff) == 0xd8;
    }

    private static boolean indexed(ImageReader reader) throws IOException {
        return reader.getRawImageType(0).getColorModel() instanceof java.awt.image.IndexColorModel;
    }

    /**
     * Reads an image.
     *
     * @param shape height, width, channels: colours become brightness where there is 1 channel, grey stands three times where there
     *              are 3; transparency is left out of account
     * @param to    where the bytes go, in C order
     * @return what is wrong, empty if nothing is
     */
    static Optional<String> read(Path file, Shape shape, byte[] to) {
        try {
            Optional<Optional<String>> done = with(file, (reader, in) -> {
                int height = reader.getHeight(0);
                int width = reader.getWidth(0);
                if (height != shape.space().get(0) || width != shape.space().get(1)) {
                    return Optional.of("the image is " + height + "×" + width + " (height × width); the first one is "
                            + shape.space().get(0) + "×" + shape.space().get(1));
                }
                bytes(reader.read(0), shape.channels(), to);
                return Optional.<String>empty();
            });
            return done.orElse(Optional.of("this is no image; PNG and JPEG are read"));
        } catch (IOException | RuntimeException e) {
            return Optional.of("the image cannot be read (" + String.valueOf(e.getMessage()).lines().findFirst().orElse("") + ")");
        }
    }

    /** What is done with an open image. */
    private interface Use<T> {
        T with(ImageReader reader, ImageInputStream in) throws IOException;
    }

    private static <T> Optional<T> with(Path file, Use<T> use) throws IOException {
        byte[] head = head(file, 4);
        boolean png = isPng(head);
        boolean jpeg = isJpeg(head);
        if (!png && !jpeg) {
            return Optional.empty();
        }
        Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(png ? "png" : "jpeg");
        ImageReader reader = readers.next();
        // Without a cache: small files need none on the disk.
        try (java.io.InputStream raw = new java.io.BufferedInputStream(Files.newInputStream(file));
                ImageInputStream in = new javax.imageio.stream.MemoryCacheImageInputStream(raw)) {
            reader.setInput(in, true, true);
            if ((long) reader.getHeight(0) * reader.getWidth(0) > MOST_PIXELS) {
                throw new IOException("more than " + MOST_PIXELS + " pixels");
            }
            return Optional.of(use.with(reader, in));
        } finally {
            reader.dispose();
        }
    }

    private static void bytes(BufferedImage image, int channels, byte[] to) {
        int at = 0;
        boolean grey = image.getColorModel().getNumColorComponents() == 1;
        Raster raster = image.getRaster();
        int depth = image.getColorModel().getComponentSize(0);
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                if (grey) {
                    // As stored: asked for colours, Java would change the brightness of grey.
                    byte value = (byte) Math.round(raster.getSample(x, y, 0) * 255.0 / ((1 << depth) - 1));
                    for (int c = 0; c < channels; c++) {
                        to[at++] = value;
                    }
                    continue;
                }
                int rgb = image.getRGB(x, y);
                int red = rgb >> 16 & 0xff;
                int green = rgb >> 8 & 0xff;
                int blue = rgb & 0xff;
                if (channels == 1) {
                    to[at++] = (byte) Math.round(RED * red + GREEN * green + BLUE * blue);
                } else {
                    to[at++] = (byte) red;
                    to[at++] = (byte) green;
                    to[at++] = (byte) blue;
                }
            }
        }
    }
}
