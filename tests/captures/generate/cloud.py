"""Captures of AWS services, as moto answers for them: CloudWatch Logs, SQS, SNS to SQS, Kinesis and Firehose."""

import base64
import gzip
import json
import os

os.environ.update(AWS_ACCESS_KEY_ID="testing", AWS_SECRET_ACCESS_KEY="testing", AWS_DEFAULT_REGION="eu-west-1")

import boto3
from moto import mock_aws

from payloads import TEXTS, write

START = 1795892678799


def dump(answer):
    """Returns an answer as `aws … --output json` prints it: bytes in base64, without the metadata."""
    answer.pop("ResponseMetadata", None)
    return json.dumps(answer, indent=4, ensure_ascii=False, default=lambda value: base64.b64encode(value).decode() if isinstance(value, bytes) else value.isoformat()) + "\n"


with mock_aws():
    logs = boto3.client("logs")
    logs.create_log_group(logGroupName="/aws/lambda/mews-hooks")
    logs.create_log_stream(logGroupName="/aws/lambda/mews-hooks", logStreamName="main")
    events = [{"timestamp": START, "message": "START RequestId: 11111111-2222-4333-8444-555555555555 Version: $LATEST\n"}]
    for index, text in enumerate(TEXTS):
        # Lambda's own prefix before what console.log prints, and bodies alone.
        prefix = f"2026-11-28T19:04:38.{800 + index}Z\t11111111-2222-4333-8444-555555555555\tINFO\t" if index % 2 else ""
        events.append({"timestamp": START + 1 + index, "message": prefix + text + "\n"})
    logs.put_log_events(logGroupName="/aws/lambda/mews-hooks", logStreamName="main", logEvents=events)
    write("cloudwatch-get.json", dump(logs.get_log_events(logGroupName="/aws/lambda/mews-hooks", logStreamName="main", startFromHead=True)))
    write("cloudwatch-filter.json", dump(logs.filter_log_events(logGroupName="/aws/lambda/mews-hooks")))

    # What a subscription hands to a function: gzip in base64.
    data = {
        "messageType": "DATA_MESSAGE",
        "owner": "123456789012",
        "logGroup": "/aws/lambda/mews-hooks",
        "logStream": "main",
        "subscriptionFilters": ["hooks"],
        "logEvents": [{"id": f"{index:056}", **event} for index, event in enumerate(events)],
    }
    packed = base64.b64encode(gzip.compress(json.dumps(data, ensure_ascii=False).encode(), mtime=0)).decode()
    write("cloudwatch-subscription.json", json.dumps({"awslogs": {"data": packed}}) + "\n")

    sqs = boto3.client("sqs")
    sns = boto3.client("sns")
    queue = sqs.create_queue(QueueName="hooks")["QueueUrl"]
    for text in TEXTS:
        sqs.send_message(QueueUrl=queue, MessageBody=text)
    write("sqs-receive.json", dump(sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, AttributeNames=["All"])))
    topic = sns.create_topic(Name="hooks")["TopicArn"]
    behind = sqs.create_queue(QueueName="behind")["QueueUrl"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint="arn:aws:sqs:eu-west-1:123456789012:behind")
    for text in TEXTS:
        sns.publish(TopicArn=topic, Message=text)
    answer = sqs.receive_message(QueueUrl=behind, MaxNumberOfMessages=10, AttributeNames=["All"])
    write("sns-sqs-receive.json", dump(json.loads(json.dumps(answer))))
    # The event that Lambda gets from the queue, by the documentation.
    records = [
        {
            "messageId": message["MessageId"],
            "receiptHandle": "placeholder",
            "body": message["Body"],
            "attributes": {key: message["Attributes"][key] for key in ("ApproximateReceiveCount", "SentTimestamp", "SenderId", "ApproximateFirstReceiveTimestamp")},
            "messageAttributes": {},
            "md5OfBody": message["MD5OfBody"],
            "eventSource": "aws:sqs",
            "eventSourceARN": "arn:aws:sqs:eu-west-1:123456789012:behind",
            "awsRegion": "eu-west-1",
        }
        for message in answer["Messages"]
    ]
    write("sqs-lambda.json", json.dumps({"Records": records}, indent=2, ensure_ascii=False) + "\n")
    notifications = [
        {"EventSource": "aws:sns", "EventVersion": "1.0", "EventSubscriptionArn": topic + ":11111111-2222-4333-8444-555555555555", "Sns": json.loads(message["Body"])}
        for message in answer["Messages"]
    ]
    write("sns-lambda.json", json.dumps({"Records": notifications}, indent=2, ensure_ascii=False) + "\n")

    kinesis = boto3.client("kinesis")
    kinesis.create_stream(StreamName="hooks", ShardCount=1)
    for text in TEXTS:
        kinesis.put_record(StreamName="hooks", Data=text.encode(), PartitionKey="mews")
    shard = kinesis.get_shard_iterator(StreamName="hooks", ShardId="shardId-000000000000", ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    answer = kinesis.get_records(ShardIterator=shard)
    answer["NextShardIterator"] = "placeholder"
    write("kinesis-get.json", dump(answer))
    # The event that Lambda gets from the stream, by the documentation.
    records = [
        {
            "kinesis": {
                "kinesisSchemaVersion": "1.0",
                "partitionKey": record["PartitionKey"],
                "sequenceNumber": record["SequenceNumber"],
                "data": base64.b64encode(record["Data"]).decode(),
                "approximateArrivalTimestamp": record["ApproximateArrivalTimestamp"].timestamp(),
            },
            "eventSource": "aws:kinesis",
            "eventVersion": "1.0",
            "eventID": "shardId-000000000000:" + record["SequenceNumber"],
            "eventName": "aws:kinesis:record",
            "awsRegion": "eu-west-1",
        }
        for record in answer["Records"]
    ]
    write("kinesis-lambda.json", json.dumps({"Records": records}, indent=2) + "\n")

    # What Firehose writes to S3: the records one after another, plain and in gzip.
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="archive", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    firehose = boto3.client("firehose")
    firehose.create_delivery_stream(
        DeliveryStreamName="hooks",
        ExtendedS3DestinationConfiguration={"RoleARN": "arn:aws:iam::123456789012:role/firehose", "BucketARN": "arn:aws:s3:::archive"},
    )
    firehose.put_record_batch(DeliveryStreamName="hooks", Records=[{"Data": text.encode()} for text in TEXTS])
    key = s3.list_objects_v2(Bucket="archive")["Contents"][0]["Key"]
    stored = s3.get_object(Bucket="archive", Key=key)["Body"].read()
    write("firehose-s3.json", stored)
    write("firehose-s3.gz", gzip.compress(stored, mtime=0))
    # The event that a transformation gets from Firehose, by the documentation.
    records = [
        {"recordId": f"{index:056}", "approximateArrivalTimestamp": START + index, "data": base64.b64encode(text.encode()).decode()}
        for index, text in enumerate(TEXTS)
    ]
    event = {"invocationId": "placeholder", "deliveryStreamArn": "arn:aws:firehose:eu-west-1:123456789012:deliverystream/hooks", "region": "eu-west-1", "records": records}
    write("firehose-lambda.json", json.dumps(event, indent=2) + "\n")
