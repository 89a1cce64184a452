package org.ntk4j.spark;

import java.io.Serializable;

/**
 * What a task sends back, a few bytes whatever the size of its tiles.
 *
 * @param group    its tiles
 * @param checksum of the file with them
 * @param seconds  that each took
 * @param failure  why there is no file: the input was wrong, or a value does not suit float64, and another attempt would end the same way;
 *                 empty if there is one
 * @param status   with which the program ends then
 */
record Report(Group group, long checksum, double[] seconds, String failure, int status) implements Serializable {
}
