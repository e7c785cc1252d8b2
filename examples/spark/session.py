"""Starts Spark for the examples, and finds the captures.

A cluster sets its master and its addresses by `spark-submit`. Without one, Spark runs in this process and
listens on the loopback interface only.
"""

import glob
import os

from pyspark.sql import SparkSession


def start(name):
    """Returns a session: that of `spark-submit`, or one in this process."""
    builder = SparkSession.builder.appName(name)
    if "SPARK_ENV_LOADED" not in os.environ:
        os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
        builder = (
            builder.master("local[2]")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false")
        )
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def paths(context, patterns, partitions):
    """Returns the paths that match the patterns, sorted, as an RDD.

    Each task gets a few paths and reads the files itself, so every node must see them under the same path.
    Some partitions may be empty.
    """
    found = sorted(path for pattern in patterns for path in glob.glob(os.path.abspath(pattern)))
    return context.parallelize(found, partitions)
