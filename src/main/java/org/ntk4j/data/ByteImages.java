package org.ntk4j.data;

/**
 * Images of bytes in C order {@code [height, width, channels]}, each an array of its own; a byte becomes a number from 0 to 1.
 *
 * @param pixels of each image
 */
record ByteImages(byte[][] pixels, int[] labels) implements Examples {

    private static final double WHITE = 255;

    @Override
    public int count() {
        return labels.length;
    }

    @Override
    public void copy(int index, double[] to, int at) {
        byte[] image = pixels[index];
        for (int i = 0; i < image.length; i++) {
            to[at + i] = (image[i] & 0xff) / WHITE;
        }
    }
}
