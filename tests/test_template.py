"""The stack as code: cfn-lint finds nothing, and what must hold for it to be safe holds.

The resources are read after Amazon's own SAM translator has turned them into CloudFormation's.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from lambda_client import Json

from deploy import package

TEMPLATE = package.ROOT / "deploy" / "template.yaml"
Resources = dict[str, Json]


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short functions: `!Ref x` is {"Ref": "x"}, `!Sub x` is {"Fn::Sub": "x"}."""


def _function(loader: _Loader, name: str, node: yaml.Node) -> Json:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    else:
        assert isinstance(node, yaml.SequenceNode)
        value = loader.construct_sequence(node, deep=True)
    if name == "GetAtt" and isinstance(value, str):
        value = value.split(".")
    return {name if name in {"Ref", "Condition"} else f"Fn::{name}": value}


_Loader.add_multi_constructor("!", _function)


@pytest.fixture(scope="module")
def template() -> Json:
    return yaml.load(TEMPLATE.read_text(encoding="utf-8"), _Loader)


@pytest.fixture(scope="module")
def resources(template: Json) -> Resources:
    """What CloudFormation gets to see."""
    os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
    from samtranslator.translator.transform import transform

    told = json.loads(json.dumps(template))
    told["Resources"]["SkillFunction"]["Properties"]["CodeUri"] = "s3://bundles/lambda.zip"

    class NoPolicies:
        def load(self) -> dict[str, str]:
            return {}

    found: Resources = transform(told, {}, NoPolicies())["Resources"]
    return found


def of_type(resources: Resources, kind: str) -> list[Json]:
    return [each["Properties"] for each in resources.values() if each["Type"] == kind]


def only(resources: Resources, kind: str) -> Json:
    (found,) = of_type(resources, kind)
    return found


def statements(resources: Resources) -> Iterator[Json]:
    """Every statement of every policy of the stack."""
    for each in resources.values():
        properties = each.get("Properties", {})
        documents = [policy["PolicyDocument"] for policy in properties.get("Policies", ())]
        documents += [properties[key] for key in ("PolicyDocument", "AssumeRolePolicyDocument") if key in properties]
        for document in documents:
            yield from document["Statement"]


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def lint(file: Path) -> tuple[int, str]:
    command = [Path(sys.executable).parent / "cfn-lint", "--include-checks", "I", "--", file]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    return ran.returncode, ran.stdout + ran.stderr


def test_cfn_lint_finds_nothing() -> None:
    assert lint(TEMPLATE) == (0, "")


@pytest.mark.parametrize(("right", "wrong"), [("SnapStart:", "SnapStrat:"), ("BillingMode: PAY", "BillingMode: PLAY")])
def test_cfn_lint_would_find_a_fault(tmp_path: Path, right: str, wrong: str) -> None:
    damaged = tmp_path / "template.yaml"
    damaged.write_text(TEMPLATE.read_text(encoding="utf-8").replace(right, wrong), encoding="utf-8")
    status, said = lint(damaged)
    assert status != 0
    assert wrong.split()[-1].rstrip(":") in said


# --- the function ----------------------------------------------------------------------------------------------------


def test_the_function_is_as_it_was_measured(resources: Resources) -> None:
    function = only(resources, "AWS::Lambda::Function")
    assert function["Runtime"] == f"python{package.PYTHON}"
    assert function["Architectures"] == ["arm64"]
    assert function["SnapStart"] == {"ApplyOn": "PublishedVersions"}
    assert function["ReservedConcurrentExecutions"] == {"Ref": "Concurrency"}
    assert function["Timeout"] <= 8
    module, name = function["Handler"].rsplit(".", 1)
    assert callable(getattr(__import__(module), name))


def test_the_template_packs_what_the_packer_writes(template: Json) -> None:
    place = TEMPLATE.parent / template["Resources"]["SkillFunction"]["Properties"]["CodeUri"]
    assert place.resolve() == package.BUNDLE


def test_alexa_calls_a_published_version_and_for_our_skill_alone(resources: Resources) -> None:
    alias = only(resources, "AWS::Lambda::Alias")
    assert resources[alias["FunctionVersion"]["Fn::GetAtt"][0]]["Type"] == "AWS::Lambda::Version"
    permission = only(resources, "AWS::Lambda::Permission")
    assert resources[permission["FunctionName"]["Ref"]]["Type"] == "AWS::Lambda::Alias"
    assert permission["Principal"] == "alexa-appkit.amazon.com"
    assert permission["Action"] == "lambda:InvokeFunction"
    assert permission["EventSourceToken"] == {"Ref": "SkillId"}


def test_the_skill_checks_the_same_id_again(resources: Resources) -> None:
    variables = only(resources, "AWS::Lambda::Function")["Environment"]["Variables"]
    assert variables["SKILL_ID"] == {"Ref": "SkillId"}


@pytest.mark.parametrize(
    ("told", "taken"),
    [
        ("amzn1.ask.skill.01234567-89ab-cdef-0123-456789abcdef", True),
        ("amzn1.ask.skill.", False),
        ("", False),
        ("*", False),
        ("amzn1.ask.skill.01234567-89ab-cdef-0123-456789abcdef-x", False),
    ],
)
def test_the_skill_id_is_one(template: Json, told: str, *, taken: bool) -> None:
    parameter = template["Parameters"]["SkillId"]
    assert bool(re.fullmatch(parameter["AllowedPattern"], told)) is taken
    assert "Default" not in parameter


def test_the_log_ends(resources: Resources) -> None:
    log = only(resources, "AWS::Logs::LogGroup")
    assert 0 < log["RetentionInDays"] <= 90
    function = only(resources, "AWS::Lambda::Function")
    assert resources[function["LoggingConfig"]["LogGroup"]["Ref"]]["Type"] == "AWS::Logs::LogGroup"


# --- who may do what -------------------------------------------------------------------------------------------------


def test_nothing_is_allowed_by_a_wildcard(resources: Resources) -> None:
    for statement in statements(resources):
        if statement["Effect"] == "Deny":
            continue  # the wider the better
        assert "NotAction" not in statement
        assert "NotResource" not in statement
        assert not [action for action in as_list(statement["Action"]) if "*" in action]
        assert "*" not in as_list(statement.get("Resource"))
        assert statement.get("Principal") != "*"


def test_the_function_may_do_four_things(resources: Resources) -> None:
    role = only(resources, "AWS::IAM::Role")
    assert "ManagedPolicyArns" not in role
    allowed = {
        (action, json.dumps(statement["Resource"]))
        for policy in role["Policies"]
        for statement in policy["PolicyDocument"]["Statement"]
        for action in as_list(statement["Action"])
    }
    log, table = (json.dumps({"Fn::GetAtt": [name, "Arn"]}) for name in ("SkillLog", "MemoryTable"))
    assert allowed == {
        ("logs:CreateLogStream", log),
        ("logs:PutLogEvents", log),
        *((f"dynamodb:{action}", table) for action in ("GetItem", "PutItem", "DeleteItem")),
    }


# --- memory ----------------------------------------------------------------------------------------------------------


def test_the_table_forgets(resources: Resources) -> None:
    table = only(resources, "AWS::DynamoDB::Table")
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["SSESpecification"]["SSEEnabled"] is True
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires", "Enabled": True}
    recovery = table["PointInTimeRecoverySpecification"]
    assert recovery == {"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": 1}
    assert table["KeySchema"] == [{"AttributeName": "id", "KeyType": "HASH"}]


def test_the_key_is_made_in_the_account_and_stands_nowhere(resources: Resources, template: Json) -> None:
    secret = only(resources, "AWS::SecretsManager::Secret")
    assert "SecretString" not in secret
    assert secret["GenerateSecretString"]["PasswordLength"] >= 32
    variables = only(resources, "AWS::Lambda::Function")["Environment"]["Variables"]
    assert variables["MEMORY_KEY"] == {"Fn::Sub": "{{resolve:secretsmanager:${MemoryKey}:SecretString}}"}
    assert variables["MEMORY_TABLE"] == {"Ref": "MemoryTable"}
    assert "MEMORY_KEY" not in json.dumps(template.get("Outputs"))


# --- the audio edition -----------------------------------------------------------------------------------------------


def test_the_bucket_is_private(resources: Resources) -> None:
    bucket = only(resources, "AWS::S3::Bucket")
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    assert not {"AccessControl", "WebsiteConfiguration"} & bucket.keys()


def test_only_our_distribution_reads_it_and_nobody_without_tls(resources: Resources) -> None:
    policy = only(resources, "AWS::S3::BucketPolicy")["PolicyDocument"]["Statement"]
    (read,) = [each for each in policy if each["Effect"] == "Allow"]
    assert (read["Principal"], read["Action"]) == ({"Service": "cloudfront.amazonaws.com"}, "s3:GetObject")
    assert "${EditionDistribution}" in json.dumps(read["Condition"]["StringEquals"]["AWS:SourceArn"])
    (deny,) = [each for each in policy if each["Effect"] == "Deny"]
    assert deny["Principal"] == "*"
    assert deny["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert len(deny["Resource"]) == 2


def test_listeners_come_by_https_through_the_access_control(resources: Resources) -> None:
    told = only(resources, "AWS::CloudFront::Distribution")["DistributionConfig"]
    assert told["DefaultCacheBehavior"]["ViewerProtocolPolicy"] in {"https-only", "redirect-to-https"}
    (origin,) = told["Origins"]
    assert origin["OriginAccessControlId"] == {"Fn::GetAtt": ["EditionAccess", "Id"]}
    assert origin["DomainName"] == {"Fn::GetAtt": ["EditionBucket", "RegionalDomainName"]}
    access = only(resources, "AWS::CloudFront::OriginAccessControl")["OriginAccessControlConfig"]
    assert (access["SigningBehavior"], access["SigningProtocol"]) == ("always", "sigv4")
    assert "Logging" not in told


# --- alarms ----------------------------------------------------------------------------------------------------------


def test_errors_throttles_and_slow_answers_raise_an_alarm(resources: Resources) -> None:
    alarms = {alarm["MetricName"]: alarm for alarm in of_type(resources, "AWS::CloudWatch::Alarm")}
    assert alarms.keys() == {"Errors", "Throttles", "Duration"}
    assert alarms["Duration"]["ExtendedStatistic"] == "p99"
    assert alarms["Duration"]["Threshold"] < 8000
    for alarm in alarms.values():
        assert alarm["Dimensions"] == [{"Name": "FunctionName", "Value": {"Ref": "SkillFunction"}}]
        assert alarm["AlarmActions"]["Fn::If"][1] == [{"Ref": "AlarmTopic"}]
