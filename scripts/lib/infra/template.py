"""Reads a CloudFormation template and works out what it says for given parameters.

Only the functions that our templates use are known; any other is an error, so that nothing is passed over.
What a resource is called before it exists is written `<LogicalId>`.
"""

import copy
import re

import yaml

NOTHING = object()  # What `AWS::NoValue` stands for until it is taken out.


class Loader(yaml.SafeLoader):
    """Reads the short forms, `!Ref x` as {"Ref": "x"} and `!Sub x` as {"Fn::Sub": "x"}."""


def construct_short_form(loader, tag, node):
    name = tag if tag in ("Ref", "Condition") else f"Fn::{tag}"
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
        return {name: value.split(".", 1) if tag == "GetAtt" else value}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    return {name: loader.construct_mapping(node, deep=True)}


Loader.add_multi_constructor("!", construct_short_form)


def parse(text):
    return yaml.load(text, Loader)


class Stack:
    """A template with its parameters filled in."""

    def __init__(self, template, parameters, account="000000000000", region="us-east-1"):
        self.template = copy.deepcopy(template)
        self.pseudo = {"AWS::AccountId": account, "AWS::Region": region, "AWS::Partition": "aws"}
        declared = self.template.get("Parameters", {})
        unknown = set(parameters) - set(declared)
        if unknown:
            raise KeyError(f"unknown parameters: {sorted(unknown)}")
        self.parameters = {name: parameters.get(name, entry.get("Default")) for name, entry in declared.items()}

    def resources(self, kind=None):
        """Lists the resources that these parameters make, by logical id."""
        return {
            name: self.resource(name)
            for name, entry in self.template["Resources"].items()
            if self.exists(entry) and kind in (None, entry["Type"])
        }

    def resource(self, name):
        return self.resolve(self.template["Resources"][name])

    def exists(self, entry):
        return "Condition" not in entry or self.condition(entry["Condition"])

    def condition(self, name):
        return self.resolve(self.template["Conditions"][name])

    def resolve(self, value):
        if isinstance(value, list):
            return [item for item in map(self.resolve, value) if item is not NOTHING]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            ((name, argument),) = value.items()
            if name == "Ref" or name.startswith("Fn::"):
                return self.call(name, argument)
        resolved = {key: self.resolve(item) for key, item in value.items()}
        return {key: item for key, item in resolved.items() if item is not NOTHING}

    def call(self, name, argument):
        if name == "Ref":
            return self.ref(argument)
        if name == "Fn::GetAtt":
            return self.attribute(*argument)
        if name == "Fn::Sub":
            return re.sub(r"\$\{([^}]+)\}", lambda found: str(self.named(found[1])), argument)
        if name == "Fn::If":
            return self.resolve(argument[1] if self.condition(argument[0]) else argument[2])
        if name in ("Fn::Join", "Fn::Select", "Fn::Split"):
            first, second = self.resolve(argument)
            return {"Fn::Join": lambda: first.join(second), "Fn::Select": lambda: second[int(first)], "Fn::Split": lambda: second.split(first)}[name]()
        if name == "Fn::FindInMap":
            first, second, third = self.resolve(argument)
            return self.template["Mappings"][first][second][third]
        arguments = self.resolve(argument)
        if name == "Fn::Equals":
            return arguments[0] == arguments[1]
        if name == "Fn::Not":
            return not arguments[0]
        if name == "Fn::Or":
            return any(arguments)
        if name == "Fn::And":
            return all(arguments)
        raise NotImplementedError(f"{name} in a template")

    def named(self, text):
        return self.attribute(*text.split(".", 1)) if "." in text else self.ref(text)

    def ref(self, name):
        if name == "AWS::NoValue":
            return NOTHING
        if name in self.pseudo:
            return self.pseudo[name]
        if name in self.parameters:
            return self.parameters[name]
        entry = self.template["Resources"][name]
        names = {
            "AWS::S3::Bucket": "BucketName",
            "AWS::Lambda::Function": "FunctionName",
            "AWS::Logs::LogGroup": "LogGroupName",
            "AWS::ECS::Cluster": "ClusterName",
        }
        if entry["Type"] in names:
            return self.resolve(entry["Properties"][names[entry["Type"]]])
        if entry["Type"] == "AWS::SNS::Topic":
            return self.arn("sns", self.resolve(entry["Properties"]["TopicName"]))
        return f"<{name}>"

    def attribute(self, name, attribute):
        entry = self.template["Resources"][name]
        kind, properties = entry["Type"], entry.get("Properties", {})
        if attribute != "Arn":
            # Known only to whoever makes it.
            return f"<{name}.{attribute}>"
        if kind == "AWS::SQS::Queue":
            return self.arn("sqs", self.resolve(properties["QueueName"]))
        if kind == "AWS::S3::Bucket":
            return f"arn:aws:s3:::{self.ref(name)}"
        if kind == "AWS::Lambda::Function":
            return self.arn("lambda", f"function:{self.ref(name)}")
        if kind == "AWS::Logs::LogGroup":
            return self.arn("logs", f"log-group:{self.ref(name)}:*")
        if kind == "AWS::Events::Rule":
            return self.arn("events", f"rule/{self.resolve(properties['Name'])}")
        return f"<{name}.Arn>"

    def arn(self, service, rest):
        return f"arn:aws:{service}:{self.pseudo['AWS::Region']}:{self.pseudo['AWS::AccountId']}:{rest}"
