package org.ntk4j.forward;

import java.util.OptionalDouble;

/** The numbers of an attention layer, by their names in the grammar, with every number of channels known. */
public interface Attention {

    int heads();

    int keyChannels();

    int valueChannels();

    int outChannels();

    /** {@code linear} or {@code sqrt}. */
    String scaling();

    /** {@code softmax}, {@code identity}, {@code abs} or {@code relu}. */
    String mechanism();

    double wKeyStd();

    double wQueryStd();

    double wValueStd();

    double wOutStd();

    OptionalDouble bStd();

    /** {@code none}, {@code sum} or {@code concat}. */
    String positions();

    double wPosStd();

    int posChannels();

    /** Whether the values see the positions. */
    boolean valuePositions();
}
