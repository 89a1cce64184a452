package org.ntk4j.data;

/** Images of bytes with their labels; a pixel becomes a number from 0 to 1. */
record LabelledImages(Idx.Images images, int[] labels) implements Examples {

    private static final double WHITE = 255;

    @Override
    public int count() {
        return labels.length;
    }

    @Override
    public void copy(int index, double[] to, int at) {
        int size = images.rows() * images.columns();
        for (int i = 0; i < size; i++) {
            to[at + i] = (images.pixels()[index * size + i] & 0xff) / WHITE;
        }
    }
}
