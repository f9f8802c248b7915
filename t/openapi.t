# The description of the API and the API itself: every path, method and status
# that it names is made to happen, and what comes is as it says; nothing happens
# that it does not name.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Citizen;

use JSON::PP;

my $t = Consent::Test->new;

$t->upstream({ status => 204 });

$t->keys;
$t->policy;
$t->policy(sub { @{$_[0]}{qw(id erasure)} = qw(records request) }, 'records.json');

$t->run(<<'EOF');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;
        location /.privacy/ { consent_pages; consent_handoff_pass /desk/; }
        location /desk/ { internal; proxy_pass http://127.0.0.1:%%PORT_1%%; }
    }

    server {
        listen 127.0.0.1:%%PORT_2%%;
        consent_policy %%DIR%%/records.json;
        location /.privacy/ { consent_pages; consent_handoff_pass /desk/; }
        location /desk/ { internal; proxy_pass http://127.0.0.1:%%PORT_1%%; }
    }

    server {
        listen 127.0.0.1:%%PORT_3%%;
        location /.privacy/ { consent_pages; }
    }
EOF

my $api = '/.privacy/api/v1';
my $c = Consent::Test::Citizen->new($t);
my $described = $c->json('GET', "$api/openapi.json")->json;
my %seen;


sub resolve {
    my ($v) = @_;

    while (ref $v eq 'HASH' && $v->{'$ref'}) {
        my $at = $described;
        $at = $at->{$_} // die $v->{'$ref'} for split m{/}, substr $v->{'$ref'}, 2;
        $v = $at;
    }

    return $v;
}


# What is wrong with a value, by the parts of JSON Schema that the description
# uses; nothing when it is as described.
sub wrong {
    my ($v, $schema, $at) = @_;

    $schema = resolve($schema);

    my $is = !defined $v ? 'null' : ref $v eq 'HASH' ? 'object' : ref $v eq 'ARRAY' ? 'array'
        : JSON::PP::is_bool($v) ? 'boolean' : encode_json([$v]) =~ /^\["/ ? 'string' : 'integer';

    if (defined $schema->{type}) {
        my @types = ref $schema->{type} ? @{$schema->{type}} : $schema->{type};
        return "$at is $is" if !grep { $_ eq $is } @types;
    }

    return "$at is $v" if exists $schema->{const} && $v ne $schema->{const};
    return "$at is $v" if $schema->{enum} && !grep { $_ eq $v } @{$schema->{enum}};
    return "$at is $v" if $schema->{pattern} && defined $v && $v !~ /$schema->{pattern}/;
    return "$at is $v" if ($schema->{format} // '') eq 'date-time' && defined $v
        && $v !~ /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

    if ($is eq 'object') {
        for (@{$schema->{required} // []}) {
            return "$at lacks $_" if !exists $v->{$_};
        }
        for my $name (sort keys %$v) {
            my $of = ($schema->{properties} // {})->{$name} or next;
            my $said = wrong($v->{$name}, $of, "$at.$name");
            return $said if $said;
        }
    }

    if ($is eq 'array' && $schema->{items}) {
        for my $i (0 .. $#$v) {
            my $said = wrong($v->[$i], $schema->{items}, "$at\[$i]");
            return $said if $said;
        }
    }

    if ($schema->{anyOf}) {
        return "$at fits nothing" if !grep { !wrong($v, $_, $at) } @{$schema->{anyOf}};
    }

    return '';
}


# No member that the description does not name, where it names them all.
sub unnamed {
    my ($v, $schema) = @_;

    $schema = resolve($schema);

    return map { unnamed($_, $schema->{items} // {}) } @$v if ref $v eq 'ARRAY';
    return if ref $v ne 'HASH' || !$schema->{properties} || !$schema->{required} || ($schema->{description} // '') =~ /log\.md/;
    return map { exists $schema->{properties}{$_} ? unnamed($v->{$_}, $schema->{properties}{$_}) : $_ } keys %$v;
}


sub happens {
    my ($path, $method, $status, $r) = @_;

    my $what = "$method $path: $status";
    my $said = $described->{paths}{$path}{lc $method} or return fail("$what is not described");

    is($r->status, $status, $what) or diag($r->body);
    my $of = resolve($said->{responses}{$status}) or return fail("$what is not described");
    $seen{"$method $path $status"} = 1;

    my ($type) = keys %{$of->{content}};
    (my $got = $r->header('Content-Type')) =~ s/;.*//;
    is($got, $type, 'its type');
    return if $type !~ /json/;

    my $schema = $of->{content}{$type}{schema};
    is(wrong($r->json, $schema, ''), '', 'what comes is as described');
    is_deeply([unnamed($r->json, $schema)], [], 'and no more');
}

my @json = ('Content-Type', 'application/json');
my $put = sub {
    my ($who, $doc, @o) = @_;
    return $who->json('PUT', "$api/state", headers => \@json, body => ref $doc ? encode_json($doc) : $doc, @o);
};

# state

my $version = $c->state->{policy_version};
my $contact = { policy_version => $version, level => 'contact', scope => 'standing' };

happens('/state', 'GET', 200, $c->json('GET', "$api/state"));
happens('/state', 'PUT', 200, $put->($c, $contact));
happens('/state', 'PUT', 400, $put->($c, '{'));
happens('/state', 'PUT', 403, $c->json('PUT', "$api/state", headers => [@json, 'Origin', 'https://evil.example'],
    body => encode_json($contact)));
happens('/state', 'PUT', 409, $put->($c, { %$contact, policy_version => 'old' }));
happens('/state', 'PUT', 413, $put->($c, ' ' x 70_000));
happens('/state', 'PUT', 415, $c->json('PUT', "$api/state", headers => ['Content-Type', 'text/plain'], body => '{}'));
happens('/state', 'DELETE', 200, $c->json('DELETE', "$api/state"));
happens('/state', 'DELETE', 403, $c->json('DELETE', "$api/state", headers => ['Sec-Fetch-Site', 'cross-site']));
$put->($c, { policy_version => $version, categories => ['contact', 'health'], scope => 'session', ai => 'own' });
happens('/state', 'GET', 200, $c->json('GET', "$api/state"));

# history, receipts, the record

happens('/history', 'GET', 200, $c->json('GET', "$api/history"));

my $id = $c->state->{receipt};
my $none = '0' x 32;

happens('/receipts/{id}', 'GET', 200, $c->json('GET', "$api/receipts/$id"));
happens('/receipts/{id}', 'GET', 404, $c->json('GET', "$api/receipts/$none"));
happens('/receipts/{id}/entry', 'GET', 200, $c->json('GET', "$api/receipts/$id/entry"));
happens('/receipts/{id}/entry', 'GET', 404, $c->json('GET', "$api/receipts/$none/entry"));
happens('/receipts/{id}/proof', 'GET', 404, $c->json('GET', "$api/receipts/$none/proof"));

my $proof;
$t->wait_for(sub { ($proof = $c->json('GET', "$api/receipts/$id/proof"))->status == 200 }, 20);
happens('/receipts/{id}/proof', 'GET', 200, $proof);

happens('/record', 'GET', 200, $c->json('GET', "$api/record"));
happens('/record', 'DELETE', 403, $c->json('DELETE', "$api/record", headers => ['Origin', 'https://evil.example']));
happens('/record', 'DELETE', 200, $c->json('DELETE', "$api/record"));
happens('/record', 'DELETE', 404, $c->json('DELETE', "$api/record"));

my $public = Consent::Test::Citizen->new($t, port => 2);
$public->choose(level => 'contact', scope => 'standing', ai => 'any');
my $r = $public->json('DELETE', "$api/record");
happens('/record', 'DELETE', 202, $r);

# requests

my $ask = sub { $c->json('POST', "$api/handoffs", headers => \@json, body => $_[0]) };

happens('/handoffs/{id}', 'GET', 200, $public->json('GET', "$api/handoffs/" . $r->json->{id}));
happens('/handoffs/{id}', 'GET', 404, $c->json('GET', "$api/handoffs/$none"));
$r = $ask->('{"contact":"070-123 45 67"}');
happens('/handoffs', 'POST', 202, $r);
happens('/handoffs', 'POST', 400, $ask->('{}'));
happens('/handoffs', 'POST', 403, $c->json('POST', "$api/handoffs", headers => [@json, 'Sec-Fetch-Site', 'cross-site'],
    body => '{"contact":"070-123 45 67"}'));
happens('/handoffs', 'POST', 413, $ask->(' ' x 70_000));
happens('/handoffs', 'POST', 415, $c->json('POST', "$api/handoffs", headers => ['Content-Type', 'text/plain'], body => 'x'));
happens('/handoffs', 'POST', 404, $c->json('POST', "$api/handoffs", headers => \@json, body => '{"contact":"070-1234567"}',
    port => 3));

my $got;
$t->wait_for(sub { ($got) = grep { $_->body =~ /070-123 45 67/ } $t->{upstreams}[0]->requests; $got }, 60);
my $doc = decode_json($got->body);
my $tell = sub {
    my ($body, $token, $type) = @_;
    return $t->request('POST', $doc->{status_url}, body => $body, headers => ['Accept', 'application/json', 'Authorization',
        'Bearer ' . ($token // $doc->{status_token}), 'Content-Type', $type // 'application/json']);
};

happens('/handoffs/{id}', 'POST', 200, $tell->('{"status":"taken"}'));
happens('/handoffs/{id}', 'POST', 400, $tell->('{"status":"lost"}'));
happens('/handoffs/{id}', 'POST', 404, $tell->('{"status":"taken"}', 'x' x 43));
happens('/handoffs/{id}', 'POST', 413, $tell->(' ' x 70_000));
happens('/handoffs/{id}', 'POST', 415, $tell->('x', undef, 'text/plain'));

happens('/policy', 'GET', 200, $c->json('GET', "$api/policy"));

# methods that are not described are not there

for my $path (sort keys %{$described->{paths}}) {
    (my $real = $path) =~ s/\{id\}/$id/;

    for my $method (qw(POST PUT DELETE PATCH)) {
        next if $described->{paths}{$path}{lc $method};
        is($c->json($method, $api . $real)->status, 405, "no $method $path");
    }
}

# a store that is gone

$put->($c, $contact);
$id = $c->state->{receipt};
$t->stop;
$t->write('store/data.mdb', 'no store of ours' x 1000);
chown((getpwnam $t->user)[2, 3], $t->path('store/data.mdb')) if $t->user;
$t->start;

happens('/state', 'PUT', 503, $put->($c, $contact));
happens('/state', 'DELETE', 503, $c->json('DELETE', "$api/state"));
happens('/history', 'GET', 503, $c->json('GET', "$api/history"));
happens('/record', 'GET', 503, $c->json('GET', "$api/record"));
happens('/record', 'DELETE', 503, $c->json('DELETE', "$api/record"));
happens("/receipts/{id}$_", 'GET', 503, $c->json('GET', "$api/receipts/$id$_")) for '', '/proof', '/entry';
happens('/handoffs', 'POST', 503, $ask->('{"contact":"070-123 45 67"}'));

# everything that is described has happened

my %promised;

for my $path (keys %{$described->{paths}}) {
    for my $method (grep { $_ ne 'parameters' } keys %{$described->{paths}{$path}}) {
        $promised{uc($method) . " $path $_"} = 1
            for grep { $_ ne 'default' } keys %{$described->{paths}{$path}{$method}{responses}};
    }
}

is_deeply(\%seen, \%promised, 'all that is described, and nothing else');

done_testing();
