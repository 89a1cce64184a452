package org.ntk4j.report;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Optional;
import java.util.StringJoiner;
import javax.imageio.ImageIO;
import org.ntk4j.data.Inputs;

/** How an input looks to a person, between its smallest and its largest value. */
final class ExamplePicture {

    private static final int COLOURS = 3;
    private static final int SHOWN = 8;

    private ExamplePicture() {
    }

    /**
     * An image {@code [height, width, channels]} as PNG: in colour with three channels, else the first channel in grey; empty for what is
     * no image.
     */
    static Optional<byte[]> png(Inputs inputs, int index) {
        if (inputs.shape().sizes().length != 3) {
            return Optional.empty();
        }
        double[] values = inputs.row(index);
        int height = inputs.shape().sizes()[0];
        int width = inputs.shape().sizes()[1];
        int channels = inputs.shape().sizes()[2];
        boolean colour = channels == COLOURS;
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < values.length; i++) {
            if ((colour || i % channels == 0) && !Double.isNaN(values[i])) {
                low = Math.min(low, values[i]);
                high = Math.max(high, values[i]);
            }
        }
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < height * width; i++) {
            int red = level(values[i * channels], low, high);
            int green = colour ? level(values[i * channels + 1], low, high) : red;
            int blue = colour ? level(values[i * channels + 2], low, high) : red;
            image.setRGB(i % width, i / width, red << 16 | green << 8 | blue);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Optional.of(bytes.toByteArray());
    }

    private static int level(double value, double low, double high) {
        return Double.isNaN(value) || high <= low ? 0 : (int) Math.round(255 * (value - low) / (high - low));
    }

    /** The first values of any other input: {@code 0.31, −1.2, …}. */
    static String words(Inputs inputs, int index) {
        StringJoiner words = new StringJoiner(", ");
        double[] values = inputs.row(index);
        for (int i = 0; i < Math.min(SHOWN, values.length); i++) {
            words.add(String.format(Locale.ROOT, "%.3g", values[i]));
        }
        return words + (values.length > SHOWN ? ", …" : "");
    }
}
