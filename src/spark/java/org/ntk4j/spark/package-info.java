/**
 * Kernels and studies on Apache Spark: {@link org.ntk4j.spark.SparkCluster} sends tiles of kernels to executors. Nothing else knows Spark,
 * and nothing needs this package: it is compiled by the Maven profile {@code spark} alone.
 */
package org.ntk4j.spark;
